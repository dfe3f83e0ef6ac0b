/** The seven lines of `fence_tool ls` as data: old words, the same on every node. */
import type { State } from "../state.ts";
import { nodeOfKey } from "../turn.ts";
import type { StatusView, WaitState } from "./types.ts";

export function domainOf(state: State): StatusView["domain"] {
  const { ledger, ring } = state;
  const begun = ledger.victims.filter((victim) => victim.stage !== "waiting" || victim.attempts > 0);
  const known = ring?.master !== undefined && (ledger.established || ring.quorate);
  return {
    memberCount: ledger.members.length,
    victimCount: ledger.victims.length,
    victimNow: begun[0]?.node ?? 0,
    masterNodeid: known ? nodeOfKey(ring.master as string) : 0,
    waitState: waitState(state),
    members: ledger.established ? ledger.epoch.members.map((member) => member.node) : [],
  };
}

export function waitState(state: State): WaitState {
  const { ledger, ring } = state;
  if (ring?.phase !== "synced") return "messages";
  if (!ring.quorate) return "quorum";
  return ledger.victims.length > 0 ? "fencing" : "none";
}
