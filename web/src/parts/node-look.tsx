/** State of a node: shape and word. */
import type { JSX } from "react";
import type { Look } from "../logic/node-state.ts";
import { useText } from "../text/language.ts";
import { type Shape, StateIcon } from "../ui/state-icon.tsx";

const SHAPES: Readonly<Record<Look, Shape>> = {
  member: "dot",
  memberUnfenceable: "slash",
  joining: "ring",
  observer: "hollow",
  victim: "plug",
  fencing: "plug",
  stuck: "person",
  suspect: "dashed",
  departed: "hollow",
  absent: "question",
  fenced: "plug-check",
  acknowledged: "person",
  expelled: "barred",
  refused: "barred",
};

export function NodeLook({ look }: { readonly look: Look }): JSX.Element {
  const t = useText();
  return (
    <span className={`look look-${look}`} title={t.stateHelp[look]}>
      <StateIcon shape={SHAPES[look]} />
      {t.state[look]}
    </span>
  );
}
