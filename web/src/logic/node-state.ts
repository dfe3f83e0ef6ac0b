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
  | "fenced"
  | "acknowledged"
  | "expelled"
  | "refused";

export function lookOf(node: NodeView, victims: readonly VictimView[]): Look {
  if (node.state === "victim") {
    const stage = victims.find((victim) => victim.id === node.id)?.stage;
    return stage === "fencing" || stage === "stuck" ? stage : "victim";
  }
  if (node.state === "absent" && node.lastFenced !== undefined) {
    return node.lastFenced.how === "override" ? "acknowledged" : "fenced";
  }
  if (node.state === "member") return node.methods.length === 0 ? "memberUnfenceable" : "member";
  return node.state;
}
