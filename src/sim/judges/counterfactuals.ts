/**
 * I8, the other way round: what `why` names is taken away from a copy of the cores, and what they decide must
 * be another thing; what it does not name must not be needed for that. Looked at now and then only: each kind of
 * explanation a few times in every world.
 */
import type { NodeId } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";
import type { Cause } from "../../core/view/types.ts";
import { copyRing } from "../causes/copy.ts";
import { judgeHeld } from "../causes/held.ts";
import { judgeLocks } from "../causes/locks.ts";
import { judgeReasons } from "../causes/reasons.ts";
import { judgeShot } from "../causes/shots.ts";
import type { Inside, SimNode } from "../types.ts";

/** Rings that are copied in one world, and tables of locks that are looked at. */
const COPIES_MAX = 6;
const TABLES_MAX = 8;
/** Copies cost: of the worlds with a seed every third is asked. */
const WORLDS = 3;

/** Explanations of one kind differ in names and numbers only. */
function kindOf(why: readonly Cause[]): string {
  return why.map(({ code, step }) => `${code} ${step.replace(/[\d.]+/g, "#").slice(0, 30)}`).join("|");
}

/** Shape: call with the causes that a node names, whenever somebody looks. */
export function createCounterfactualJudge(
  world: () => Inside,
): (node: SimNode, core: State, why: readonly Cause[]) => void {
  const seen = new Set<string>();
  const last = new Map<NodeId, State>();
  let tables = 0;
  return (node, core, why) => {
    const inside = world();
    const isAsked = (inside.options.seed ?? 0) % WORLDS === 0;
    if (isAsked && core.gate.open && tables < TABLES_MAX && core.ledger.locks.waiting > 0) {
      tables++;
      judgeLocks(core);
    }
    if (core.gate.open) return;
    const before = last.get(node.id);
    if (before?.ledger !== core.ledger || before.gate !== core.gate) judgeReasons(core, why);
    last.set(node.id, core);
    if (!isAsked || seen.size >= COPIES_MAX) return;
    const kind = kindOf(why);
    if (seen.has(kind)) return;
    const copy = copyRing(inside, node);
    if (copy === undefined) return;
    seen.add(kind);
    judgeHeld(copy, core, why);
    for (const cause of why) if (cause.code === "victim") judgeShot(copy, core, cause, why);
  };
}
