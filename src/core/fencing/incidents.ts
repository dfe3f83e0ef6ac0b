/** Closing an incident: the certificate that every node writes alike. */
import { canonicalJson, sha256 } from "../hash.ts";
import type { NodeId, WallMillis } from "../ids.ts";
import { type DoneHow, INCIDENTS_KEPT, type Incident, type Victim } from "../ledger.ts";
import { dropLocksOf } from "../locks/recover.ts";
import type { Turn } from "../state.ts";
import { byNode, emit, forgetSent, log, update, updateLedger, withoutEntry, withoutNode } from "../turn.ts";

/** What the message that ended it says; equal on every node. */
export interface Closing {
  readonly how: DoneHow;
  readonly wall: WallMillis;
  readonly configVersion: number;
  readonly name: string;
}

/** The hash covers everything else, the previous certificate's hash included. */
export function incidentHash(incident: Omit<Incident, "hash">): string {
  return sha256(canonicalJson(incident));
}

function certificate(turn: Turn, victim: Victim, closing: Closing): Incident {
  const { ledger } = turn.state;
  const last = ledger.incidents.at(-1);
  const body: Omit<Incident, "hash"> = {
    seq: (last?.seq ?? 0) + 1,
    node: victim.node,
    name: closing.name,
    ...(victim.incarnation === undefined ? {} : { incarnation: victim.incarnation }),
    epoch: ledger.epoch.n,
    cause: victim.cause,
    how: closing.how,
    firstSeenAt: victim.firstSeenAt ?? closing.wall,
    doneAt: closing.wall,
    attempts: victim.attempts,
    steps: victim.steps,
    evidence: victim.evidence,
    ...(victim.executor === undefined ? {} : { executor: victim.executor }),
    configVersion: closing.configVersion,
    previousHash: last?.hash ?? "",
  };
  return { ...body, hash: incidentHash(body) };
}

/**
 * The victim is done. Acts on delivery, so that every member forgets the victim at the same point
 * of the order. A repeated message about nobody's victim is a no-op.
 */
export function closeIncident(turn: Turn, node: NodeId, closing: Closing): void {
  const victim = byNode(turn.state.ledger.victims, node);
  if (victim === undefined) return;
  const incident = certificate(turn, victim, closing);
  const { ledger } = turn.state;
  updateLedger(turn, {
    victims: withoutNode(ledger.victims, node),
    incidents: [...ledger.incidents, incident].slice(-INCIDENTS_KEPT),
  });
  // The node may be a victim again in this very ring, before any other attempt was made.
  forgetSent(turn, `done ${node} ${victim.sinceAttempt}`);
  if (closing.how !== "reunited") dropLocksOf(turn, node);
  update(turn, { missedAt: withoutEntry(turn.state.missedAt, node) });
  emit(turn, { type: "journal", incidents: [incident] });
  const grades = victim.evidence.map((e) => `${e.grade}: ${e.source}`).join("; ");
  log(
    turn,
    "info",
    "victim-done",
    `${closing.name} is done (${closing.how})${grades === "" ? "" : `, evidence ${grades}`}`,
    node,
  );
}

/** A victim that turned out not to be one, and that nobody has touched: no incident to keep. */
export function dropVictim(turn: Turn, node: NodeId): void {
  updateLedger(turn, { victims: withoutNode(turn.state.ledger.victims, node) });
  update(turn, { missedAt: withoutEntry(turn.state.missedAt, node) });
}
