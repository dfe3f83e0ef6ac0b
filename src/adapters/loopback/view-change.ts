/** What one process is told when its ring changes: who came, who went and how. Pure. */
import type { NodeId } from "../../core/ids.ts";
import type { LeftReason } from "../../ports/group-engine.ts";
import type { HubView } from "./protocol.ts";
import type { Ring, Seat } from "./seat.ts";

/** Label of what a node reaches; undefined for a node that is not powered. */
export type ComponentOf = (node: NodeId) => NodeId | undefined;

type Membership = Pick<HubView, "joined" | "left">;

/**
 * The change from the seat's own previous ring to `next`. Who did not move together with it is in
 * `joined`, even when it has seen that process before.
 */
export function membershipChange(seat: Seat, next: Ring, componentOf: ComponentOf): Membership {
  const previous = seat.ring;
  const stayed = (other: Seat): boolean => other.ring === previous && next.members.includes(other);
  const left = (previous?.members ?? []).filter((other) => !stayed(other));
  return {
    joined: next.members
      .filter((other) => previous === undefined || other.ring !== previous)
      .map((other) => other.process),
    left: left.map((other) => ({ ...other.process, reason: reasonSeenBy(seat, other, componentOf) })),
  };
}

/** A farewell from beyond a cut is not heard: such a node is just silent. */
function reasonSeenBy(seat: Seat, gone: Seat, componentOf: ComponentOf): LeftReason {
  const component = componentOf(gone.process.nodeId);
  if (component === undefined || component !== componentOf(seat.process.nodeId)) return "node-down";
  if (gone.presence === "left") return "leave";
  if (gone.presence === "died") return "process-down";
  return "node-down";
}

/** Votes of the nodes that have a process in the ring; a node with two of them votes once. */
export function presentVotes(ring: Ring): number {
  const votes = new Map<NodeId, number>();
  for (const { process, votes: own } of ring.members) {
    votes.set(process.nodeId, Math.max(own, votes.get(process.nodeId) ?? 0));
  }
  return [...votes.values()].reduce((sum, own) => sum + own, 0);
}

/** Source: votequorum(5): a majority of the expected votes; `two_node` makes it one vote. */
export function quorumVotesOf(seat: Seat): number {
  return seat.twoNode ? 1 : Math.floor(seat.expectedVotes / 2) + 1;
}
