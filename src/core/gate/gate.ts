/**
 * May this node touch guarded storage? One place decides, after every input. The gate opens only
 * by an establishment, shuts at once for any reason. Source: docs/protocol.md, "The gate".
 */
import { assert } from "../assert.ts";
import { sameIncarnation } from "../ids.ts";
import type { State, Turn } from "../state.ts";
import { byNode, emit, log, name, names, update } from "../turn.ts";

/** Every reason why the gate is shut now, for people; empty: it is open. */
export function gateReasons(state: State): readonly string[] {
  const { ledger, nodeId } = state;
  const reasons: string[] = [];
  if (state.engineLost !== undefined) reasons.push(`the group engine is gone: ${state.engineLost}`);
  if (state.outside !== undefined) reasons.push(state.outside.why);
  const member = byNode(ledger.members, nodeId);
  if (member === undefined && state.outside === undefined)
    reasons.push("this node is not in the fence domain");
  if (state.leaving) reasons.push("this node is leaving the fence domain");
  if (ledger.victims.length > 0) {
    reasons.push(
      `may still be writing: ${names(
        state,
        ledger.victims.map((v) => v.node),
      )}`,
    );
  }
  for (const { node } of ledger.suspects) reasons.push(`the daemon of ${name(state, node)} is gone`);
  if (state.quorum?.quorate === false) reasons.push("this node has no quorum");
  if (reasons.length === 0 && state.localFreeze !== undefined) reasons.push(state.localFreeze);
  if (reasons.length === 0 && !inEpoch(state)) reasons.push("an epoch with this node is not established yet");
  return reasons;
}

/** Is this very incarnation part of an epoch that opened the domain's gate? */
function inEpoch(state: State): boolean {
  const { ledger, nodeId, incarnation } = state;
  return (
    ledger.open && ledger.established && sameIncarnation(byNode(ledger.epoch.members, nodeId), incarnation)
  );
}

/**
 * While the gate was open anybody on this host may have begun to use the storage. Until the guards
 * were asked again (the runner does after every freeze) this host is not known to be clean.
 */
function forgetUse(turn: Turn): void {
  const { inUse, ...rest } = turn.state;
  if (inUse?.length === 0) turn.state = rest;
}

/** Everything that the gate depends on. */
function isAlike(a: State, b: State): boolean {
  return (
    a.ledger === b.ledger &&
    a.localFreeze === b.localFreeze &&
    a.quorum === b.quorum &&
    a.outside === b.outside &&
    a.leaving === b.leaving &&
    a.engineLost === b.engineLost &&
    a.config === b.config
  );
}

/** `settled`: an earlier state of this turn, or the one before it, for which the gate is right. */
export function settleGate(turn: Turn, settled: State): void {
  const { state, now } = turn;
  if (isAlike(state, settled)) return;
  const because = gateReasons(state);
  const open = because.length === 0;
  const { gate } = state;
  if (open === gate.open) {
    if (!open && because.join() !== gate.because.join()) {
      update(turn, { gate: { ...gate, because } });
      emit(turn, { type: "freeze", because });
    }
    return;
  }
  update(turn, { gate: { open, since: now.wall, because }, letGo: state.letGo || open });
  if (open) {
    assert(
      state.ledger.victims.length === 0 && state.ledger.suspects.length === 0,
      "I2",
      "thaw with open victims",
    );
    assert(state.quorum?.quorate !== false, "I6", "thaw without a quorum");
    emit(turn, { type: "thaw", epoch: state.ledger.epoch.n });
    log(turn, "info", "thaw", `storage is released, epoch ${state.ledger.epoch.n}`);
  } else {
    forgetUse(turn);
    emit(turn, { type: "freeze", because });
    log(turn, "warn", "freeze", `storage is held: ${because.join("; ")}`);
  }
}
