/** One process at the hub, and the ring that it is in. Plain records; switchboard.ts moves them. */
import type { ProcessRef, RingId } from "../../core/ids.ts";
import type { HubView } from "./protocol.ts";

/** What the switchboard wants delivered to one process. */
export interface SeatOutput {
  view(view: HubView): void;
  message(from: ProcessRef, payload: Uint8Array): void;
  /** More waits for this process than is good: the ring pauses until `Switchboard.pump`. */
  isCongested(): boolean;
}

export interface SeatOptions {
  readonly process: ProcessRef;
  readonly votes: number;
  readonly expectedVotes: number;
  readonly twoNode: boolean;
}

/**
 * `up`: in a ring. `silent`: its token timed out, it may come back. `crashed`: its node lost power.
 * `left`, `died`: its connection is gone, after or without a `leave`.
 */
export type Presence = "up" | "silent" | "crashed" | "left" | "died";

export interface Seat extends SeatOptions {
  readonly output: SeatOutput;
  presence: Presence;
  /** The ring of the last view that it got; undefined before the first. */
  ring: Ring | undefined;
  quorate: boolean;
  /** See HubView. */
  settledSeq: number;
  /** Of its own, accepted and not delivered yet. */
  pendingMessages: number;
  pendingBytes: number;
}

export interface Pending {
  readonly from: Seat;
  readonly seq: number;
  readonly payload: Uint8Array;
}

export interface Ring {
  readonly id: RingId;
  /** Fixed when the ring is formed; who went since then shows it in `presence`. */
  readonly members: readonly Seat[];
  /** Accepted in this ring's total order, not delivered yet. */
  pending: Pending[];
  /**
   * `whole`: everybody reaches everybody. `torn`: not so since less than the token time: nothing
   * is delivered. `broken`: longer than that: its members part.
   */
  condition: "whole" | "torn" | "broken";
  cancelTokenTimer: () => void;
}

/** What still takes part in its ring: connected, powered, answering. */
export function isUp(seat: Seat): boolean {
  return seat.presence === "up";
}

export function compareSeats(a: Seat, b: Seat): number {
  const byNode = a.process.nodeId - b.process.nodeId;
  if (byNode !== 0) return byNode;
  return a.process.processId < b.process.processId ? -1 : 1;
}
