/** Who may still be writing: how a node becomes a victim, and how the ledger notes what is done to it. */
import { type Incarnation, type NodeId, sameIncarnation } from "../ids.ts";
import type { Ledger, Shot, Victim, VictimCause } from "../ledger.ts";
import type { Turn } from "../state.ts";
import { byNode, log, name, updateLedger, withNode, withoutNode } from "../turn.ts";

export function newVictim(
  ledger: Ledger,
  node: NodeId,
  incarnation: Incarnation | undefined,
  cause: VictimCause,
): Victim {
  return {
    node,
    ...(incarnation === undefined ? {} : { incarnation }),
    cause,
    stage: "waiting",
    reason: "the members compare notes first",
    begun: false,
    attempt: 0,
    sinceAttempt: ledger.lastAttempt + 1,
    attempts: 0,
    rounds: 0,
    tried: [],
    steps: [],
    evidence: [],
  };
}

/** A shot that a person asked for goes on as the fencing of a victim: one shot, not two. */
function inheritShot(victim: Victim, shot: Shot | undefined): Victim {
  if (shot === undefined || !sameIncarnation(shot.incarnation, victim.incarnation)) return victim;
  return {
    ...victim,
    begun: true,
    stage: shot.active ? "fencing" : "waiting",
    reason: `${shot.requestedBy} asked for it before the node was lost`,
    attempt: shot.attempt,
    sinceAttempt: shot.sinceAttempt,
    attempts: shot.attempts,
    tried: shot.tried,
    ...(shot.active ? { executor: shot.executor } : {}),
    ...(shot.active && shot.doing !== undefined ? { doing: shot.doing } : {}),
    steps: shot.steps,
    evidence: shot.evidence,
    requestedBy: shot.requestedBy,
  };
}

/**
 * Makes a node a victim and shuts the ledger's gate. A node that is a victim already stays the one
 * it is. Order: everyone calls this at the same point of the event order.
 */
export function addVictim(
  turn: Turn,
  node: NodeId,
  incarnation: Incarnation | undefined,
  cause: VictimCause,
): void {
  const { ledger } = turn.state;
  if (byNode(ledger.victims, node) !== undefined) return;
  const victim = inheritShot(newVictim(ledger, node, incarnation, cause), byNode(ledger.shots, node));
  updateLedger(turn, {
    victims: withNode(ledger.victims, victim),
    members: withoutNode(ledger.members, node),
    suspects: withoutNode(ledger.suspects, node),
    shots: withoutNode(ledger.shots, node),
    open: false,
  });
  log(turn, "warn", "victim", `${name(turn.state, node)} is a victim: ${cause}`, node);
}

export function updateVictim(turn: Turn, node: NodeId, change: Partial<Victim>): void {
  const { ledger } = turn.state;
  const victim = byNode(ledger.victims, node);
  if (victim !== undefined)
    updateLedger(turn, { victims: withNode(ledger.victims, { ...victim, ...change }) });
}

export function updateShot(turn: Turn, node: NodeId, change: Partial<Shot>): void {
  const { ledger } = turn.state;
  const shot = byNode(ledger.shots, node);
  if (shot !== undefined) updateLedger(turn, { shots: withNode(ledger.shots, { ...shot, ...change }) });
}
