/** The cell that says why somebody waits; empty where nobody does. */
import type { JSX } from "react";
import { StateIcon } from "../ui/state-icon.tsx";

export function WaitsCell({ why }: { readonly why: string | undefined }): JSX.Element {
  if (why === undefined) return <td className="dim" />;
  return (
    <td className="warn-text">
      <StateIcon shape="dashed" />
      <span lang="en">{why}</span>
    </td>
  );
}
