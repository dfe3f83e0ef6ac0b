/**
 * Virtual synchrony for processes of one machine: decides who is in a ring with whom, orders the
 * messages of each ring, and flushes them before the next view. No sockets and no clock in here.
 *
 * Order: processes that go from one ring to the next together have been delivered the same messages
 *        in the same order. A message never leaves the ring in which it was accepted.
 */
import type { NodeId, RingId } from "../../core/ids.ts";
import type { Links } from "./links.ts";
import {
  compareSeats,
  isUp,
  type Pending,
  type Ring,
  type Seat,
  type SeatOptions,
  type SeatOutput,
} from "./seat.ts";
import { type ComponentOf, membershipChange, presentVotes, quorumVotesOf } from "./view-change.ts";

export interface SwitchboardOptions {
  readonly links: Links;
  /** How long a node must be unheard before its ring gives it up. */
  readonly tokenMs: number;
  /** Calls back once after the delay; returns how to cancel it. */
  readonly wakeAfter: (delayMs: number, wake: () => void) => () => void;
  /** Never returns the same id twice, also not after a restart of the hub. */
  readonly nextRingId: () => RingId;
}

export interface Switchboard {
  enter(options: SeatOptions, output: SeatOutput): Seat;
  /** A multicast of this process. Dropped when it is not in a ring now. */
  accept(seat: Seat, seq: number, payload: Uint8Array): void;
  /** Its connection ended, after a `leave` or without. */
  exit(seat: Seat, how: "left" | "died"): void;
  /** It did not answer for the token time. */
  silence(seat: Seat): void;
  /** It answers again: first it learns that it was alone, then it is merged. */
  restore(seat: Seat): void;
  /** The node loses power: silence, whatever its processes still say. */
  crash(node: NodeId): void;
  /** The links changed. */
  settle(): void;
  /** A process is no longer congested. */
  pump(seat: Seat): void;
  readonly seats: readonly Seat[];
}

export function createSwitchboard(options: SwitchboardOptions): Switchboard {
  const { links, tokenMs } = options;
  const seats = new Set<Seat>();
  /** Nodes that have seen all expected votes at once since they were powered on (wait_for_all). */
  const sawAll = new Set<NodeId>();

  function componentLookup(): ComponentOf {
    const crashed = new Set<NodeId>();
    const nodes = new Set<NodeId>();
    for (const seat of allSeats()) {
      if (seat.presence === "crashed") crashed.add(seat.process.nodeId);
      nodes.add(seat.process.nodeId);
    }
    // Powered on again while its dead processes are still remembered: the living one speaks for it.
    for (const seat of seats) if (isUp(seat)) crashed.delete(seat.process.nodeId);
    for (const node of crashed) nodes.delete(node);
    const labels = links.components(nodes);
    return (node) => labels.get(node);
  }

  /** Also those that are gone, while a ring still remembers them. */
  function allSeats(): Set<Seat> {
    const all = new Set(seats);
    for (const { ring } of seats) for (const member of ring?.members ?? []) all.add(member);
    return all;
  }

  function liveRings(): Set<Ring> {
    const rings = new Set<Ring>();
    for (const seat of seats) if (isUp(seat) && seat.ring !== undefined) rings.add(seat.ring);
    return rings;
  }

  /** Notices torn and mended rings. A torn one delivers nothing until it is whole or given up. */
  function examine(ring: Ring, componentOf: ComponentOf): void {
    const torn = new Set(
      ring.members
        .filter((seat) => seat.presence !== "silent")
        .map((seat) => (seat.presence === "crashed" ? undefined : componentOf(seat.process.nodeId))),
    );
    const isTorn = torn.size > 1 || torn.has(undefined);
    if (ring.condition === "whole" && isTorn) {
      ring.condition = "torn";
      ring.cancelTokenTimer = options.wakeAfter(tokenMs, () => {
        ring.condition = "broken";
        settle();
      });
    } else if (ring.condition === "torn" && !isTorn) {
      ring.cancelTokenTimer();
      ring.condition = "whole";
      pumpRing(ring);
    }
  }

  function settle(): void {
    const componentOf = componentLookup();
    for (const ring of liveRings()) examine(ring, componentOf);
    const groups = Map.groupBy(
      [...seats].filter((seat) => isUp(seat) && seat.ring?.condition !== "torn"),
      (seat) => componentOf(seat.process.nodeId),
    );
    const changes = [...groups.values()].filter((group) => !isRing(group));
    for (const group of changes) flush(group, componentOf);
    const rings = changes.map((group) => formRing(group));
    for (const ring of rings) announce(ring, componentOf);
    for (const ring of rings) for (const seat of ring.members) moveTo(seat, ring);
  }

  function isRing(group: readonly Seat[]): boolean {
    const ring = group[0]?.ring;
    return ring?.members.length === group.length && group.every((seat) => seat.ring === ring);
  }

  /**
   * Delivers what the old rings accepted to those that now go on together: alike for all of them,
   * and nothing from behind a cut.
   */
  function flush(group: readonly Seat[], componentOf: ComponentOf): void {
    const component = group[0] && componentOf(group[0].process.nodeId);
    for (const [ring, movers] of Map.groupBy(group, (seat) => seat.ring)) {
      for (const message of ring?.pending ?? []) {
        const { presence, process } = message.from;
        if (presence === "silent" || presence === "crashed") continue;
        if (componentOf(process.nodeId) === component) deliver(message, movers);
      }
    }
  }

  function formRing(group: readonly Seat[]): Ring {
    const members = [...group].sort(compareSeats);
    const id = options.nextRingId();
    return { id, members, pending: [], condition: "whole", cancelTokenTimer: () => {} };
  }

  function announce(ring: Ring, componentOf: ComponentOf): void {
    const votes = presentVotes(ring);
    for (const seat of ring.members) {
      const { nodeId } = seat.process;
      if (votes >= seat.expectedVotes) sawAll.add(nodeId);
      const quorumVotes = quorumVotesOf(seat);
      seat.quorate = votes >= quorumVotes && (!seat.twoNode || sawAll.has(nodeId));
      settlePending(seat);
      seat.output.view({
        ringId: ring.id,
        members: ring.members.map((member) => member.process),
        ...membershipChange(seat, ring, componentOf),
        quorate: seat.quorate,
        quorumVotes,
        settledSeq: seat.settledSeq,
      });
    }
  }

  /** Whatever of its own the flush did not deliver is dropped with the old ring. */
  function settlePending(seat: Seat): void {
    for (const message of seat.ring?.pending ?? []) if (message.from === seat) settled(message);
  }

  function settled({ from, seq }: Pending): void {
    from.settledSeq = Math.max(from.settledSeq, seq);
  }

  function moveTo(seat: Seat, ring: Ring): void {
    // The token timer of the old ring goes on: others may still wait in it, and else it changes nothing.
    seat.ring = ring;
    seat.pendingMessages = 0;
    seat.pendingBytes = 0;
  }

  function deliver(message: Pending, to: readonly Seat[]): void {
    settled(message);
    for (const seat of to) seat.output.message(message.from.process, message.payload);
  }

  function pumpRing(ring: Ring): void {
    while (ring.condition === "whole" && ring.pending.length > 0) {
      const members = ring.members.filter((seat) => isUp(seat) && seat.ring === ring);
      if (members.length === 0 || members.some((seat) => seat.output.isCongested())) return;
      const message = ring.pending.shift();
      if (message === undefined) return;
      message.from.pendingMessages -= 1;
      message.from.pendingBytes -= message.payload.length;
      deliver(message, members);
    }
  }

  function standAlone(seat: Seat): void {
    seat.presence = "up";
    const ring = formRing([seat]);
    // It was cut off from everybody, whatever became of them meanwhile.
    announce(ring, (node) => (node === seat.process.nodeId ? node : undefined));
    moveTo(seat, ring);
  }

  return {
    enter(seatOptions, output) {
      const seat: Seat = {
        ...seatOptions,
        output,
        presence: "up",
        ring: undefined,
        quorate: false,
        settledSeq: 0,
        pendingMessages: 0,
        pendingBytes: 0,
      };
      seats.add(seat);
      settle();
      return seat;
    },
    accept(seat, seq, payload) {
      const message = { from: seat, seq, payload };
      if (!isUp(seat) || seat.ring === undefined) {
        settled(message);
        return;
      }
      seat.ring.pending.push(message);
      seat.pendingMessages += 1;
      seat.pendingBytes += payload.length;
      pumpRing(seat.ring);
    },
    exit(seat, how) {
      if (!seats.delete(seat)) return;
      if (isUp(seat)) seat.presence = how;
      settle();
    },
    silence(seat) {
      if (!isUp(seat)) return;
      seat.presence = "silent";
      settle();
    },
    restore(seat) {
      if (seat.presence !== "silent" || !seats.has(seat)) return;
      standAlone(seat);
      settle();
    },
    crash(node) {
      sawAll.delete(node);
      for (const seat of allSeats()) {
        if (seat.process.nodeId === node && seat.presence !== "left") seat.presence = "crashed";
      }
      settle();
    },
    settle,
    pump(seat) {
      if (seat.ring !== undefined) pumpRing(seat.ring);
    },
    get seats() {
      return [...seats].sort(compareSeats);
    },
  };
}
