/**
 * Counterfactuals of one core alone, for whoever is outside or sees nobody: what `why` names is taken from its
 * state, and no reason to hold storage may be left but the epoch that comes last; and each named cause alone
 * is a reason.
 */
import { gateReasons } from "../../core/gate/gate.ts";
import type { State } from "../../core/state.ts";
import type { Cause } from "../../core/view/types.ts";
import { broken } from "../judges/broken.ts";
import { idOf, withoutLost } from "./remove.ts";

/** Reasons that stand only when there is no other one: the next epoch ends them. */
function isLast(state: State, reasons: readonly string[]): boolean {
  const [only, ...more] = reasons;
  return more.length === 0 && (only === undefined || only === state.localFreeze || /^an epoch /.test(only));
}

/** The members let it in, whatever kept it outside. */
function joined(state: State): State {
  const { outside: _outside, ...rest } = state;
  const { nodeId, incarnation, ledger } = rest;
  const members = [...ledger.members.filter(({ node }) => node !== nodeId), { node: nodeId, ...incarnation }];
  return { ...rest, ledger: { ...ledger, members } };
}

function without(state: State, { code, node }: Cause): State {
  switch (code) {
    case "engine-lost": {
      const { engineLost: _lost, ...rest } = state;
      return rest;
    }
    case "unproven":
    case "expelled":
    case "refused":
    case "not-joined":
      return joined(state);
    case "no-quorum": {
      const { quorum: _none, ...rest } = state;
      return rest;
    }
    case "victim":
    case "suspect":
      return withoutLost(state, code, idOf(state, node));
    default:
      return state; // Messages and epochs: nothing is written down about them but what they lead to.
  }
}

/** Is this cause something that a core writes down as a reason? */
function isWritten(state: State, { code }: Cause): boolean {
  if (code === "engine-lost") return state.engineLost !== undefined;
  if (code === "no-quorum") return state.quorum?.quorate === false;
  return ["unproven", "expelled", "refused", "not-joined", "victim", "suspect"].includes(code);
}

export function judgeReasons(core: State, why: readonly Cause[]): void {
  if (core.leaving) return;
  const rest = why.reduce(without, core);
  const reasons = gateReasons(rest);
  if (!isLast(rest, reasons)) {
    const named = why.map(({ code, node = "" }) => `${code} ${node}`.trim()).join(", ");
    broken("I8", `node ${core.nodeId} names ${named}, and is held by more: ${reasons.join("; ")}`);
  }
  for (const cause of why) {
    if (!isWritten(core, cause)) continue;
    const alone = why.filter((other) => other !== cause).reduce(without, core);
    if (!isLast(alone, gateReasons(alone))) continue;
    broken("I8", `node ${core.nodeId} names ${cause.code} ${cause.node ?? ""}, which is no reason`);
  }
}
