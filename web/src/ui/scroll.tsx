/** Something wider than the screen: it scrolls by itself, by keyboard too, and the page does not. */
import type { JSX, ReactNode } from "react";

export function Scroll({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <section className="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
