/** What speaks against a person who says that a node is off. The daemon decides; this only shows it early. Pure. */
import type { StatusView, VictimView } from "../../../src/core/view/types.ts";

/** As src/core/requests/contradiction.ts: a device that read "on" this recently. Units: ms. */
export const CONTRADICTION_MS = 10_000;

export type Contradiction =
  | { readonly type: "speaks" }
  | { readonly type: "read-on"; readonly device: string; readonly at: number };

export function contradictionsOf(
  status: StatusView,
  victim: VictimView,
  now: number,
): readonly Contradiction[] {
  const found: Contradiction[] = [];
  if (status.nodes.find((node) => node.id === victim.id)?.present === true) found.push({ type: "speaks" });
  const read = victim.steps.findLast((step) => step.power !== undefined);
  if (read?.power === "on" && now - read.at < CONTRADICTION_MS) {
    found.push({ type: "read-on", device: read.device, at: read.at });
  }
  return found;
}
