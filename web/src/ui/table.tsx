/** A table with a name and named columns, which scrolls by itself where it is too wide. */
import type { JSX, ReactNode } from "react";
import { Scroll } from "./scroll.tsx";

interface Props {
  readonly label: string;
  readonly columns: readonly string[];
  /** Rows. */
  readonly children: ReactNode;
  readonly className?: string;
}

export function Table({ label, columns, children, className }: Props): JSX.Element {
  return (
    <Scroll label={label}>
      <table aria-label={label} className={className}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}
