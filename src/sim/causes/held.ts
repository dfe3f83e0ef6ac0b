/**
 * Counterfactuals of a gate that is shut: without all that `why` names it must open, and with any one
 * of them left it must stay shut.
 */
import type { State } from "../../core/state.ts";
import type { Cause } from "../../core/view/types.ts";
import { whyHeld } from "../../core/view/why.ts";
import { broken } from "../judges/broken.ts";
import { again, goOn, type RingCopy } from "./copy.ts";
import { type Removal, removalOf } from "./remove.ts";

/** Causes of one explanation that are tried one by one. */
const TRIED_MAX = 3;

function tell(causes: readonly Cause[]): string {
  return causes.map(({ code, node = "", step }) => `${code} ${node}: ${step}`).join(" | ");
}

/** The core of the node that is held, once these causes are gone; undefined: no verdict. */
function without(copy: RingCopy, core: State, gone: readonly Removal[], kept?: Removal): State | undefined {
  const one = again(copy);
  for (const id of kept?.disks ?? []) one.disks.delete(id);
  const named = gone.flatMap(({ disks }) => disks);
  // Whoever is not named is not awaited: its disk stays as it is.
  if (named.length > 0) for (const id of [...one.owing]) if (!named.includes(id)) one.owing.delete(id);
  for (const { remove } of gone) remove({ copy: one, node: core.nodeId });
  return goOn(one) ? one.states.get(core.nodeId) : undefined;
}

/** An epoch that no quorum of disks here can remember is named when its time has come. */
function isNext(named: readonly Cause[], after: readonly Cause[]): boolean {
  const codes = ["epoch", "first-start"];
  return !named.some(({ code }) => codes.includes(code)) && after.every(({ code }) => codes.includes(code));
}

export function judgeHeld(copy: RingCopy, core: State, why: readonly Cause[]): void {
  const removals = why.map((cause) => removalOf(core, cause)).filter((one) => one !== undefined);
  if (removals.length < why.length || core.leaving) return;
  const after = without(copy, core, removals);
  if (after === undefined) return;
  if (!after.gate.open) {
    const left = whyHeld(after);
    if (isNext(why, left)) return;
    broken("I8", `without all that node ${core.nodeId} names (${tell(why)}) it is held by ${tell(left)}`);
  }
  for (const kept of removals.filter((one) => !one.isPassing).slice(0, TRIED_MAX)) {
    const others = removals.filter((one) => one !== kept);
    if (without(copy, core, others, kept)?.gate.open !== true) continue;
    broken("I8", `node ${core.nodeId} names ${tell([kept.cause])}, which holds nobody`);
  }
}
