/** How a node looks: shape, word and colour, never colour alone. Pure. */
import type { NodeView, VictimView } from "../../../src/core/view/types.ts";

export type Look =
  | "member"
  | "memberUnfenceable"
  | "joining"
  | "observer"
  | "victim"
  | "fencing"
  | "stuck"
  | "suspect"
  | "departed"
  | "absent"
  | "expelled"
  | "refused";

export function lookOf(node: NodeView, victims: readonly VictimView[]): Look {
  if (node.state === "victim") {
    const stage = victims.find((victim) => victim.id === node.id)?.stage;
    return stage === "fencing" || stage === "stuck" ? stage : "victim";
  }
  if (node.state === "member") return node.methods.length === 0 ? "memberUnfenceable" : "member";
  return node.state;
}

/** Most urgent first: what the eye should find. */
export const URGENCY: Readonly<Record<Look, number>> = {
  stuck: 0,
  victim: 1,
  fencing: 1,
  suspect: 2,
  expelled: 3,
  refused: 3,
  memberUnfenceable: 4,
  absent: 5,
  joining: 6,
  observer: 6,
  departed: 7,
  member: 8,
};
