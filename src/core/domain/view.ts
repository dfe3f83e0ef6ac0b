/**
 * A view change, before any message: who was lost becomes a victim, the gate shuts, and everybody
 * says hello. Source: docs/protocol.md, "A view change" 1 and 2.
 */

import { addVictim } from "../fencing/victims.ts";
import { type NodeId, type ProcessRef, processKey } from "../ids.ts";
import type { Input } from "../inputs.ts";
import { sendClaims } from "../locks/recover.ts";
import { LOCKS_EMPTY } from "../locks/table.ts";
import { HELLO_TIMEOUT_MS, type Ring, type Turn, WATCH_EMPTY } from "../state.ts";
import {
  byNode,
  log,
  multicast,
  name,
  selfKey,
  update,
  updateLedger,
  withNode,
  withoutNode,
} from "../turn.ts";
import { makeHello } from "./hello.ts";

type ViewInput = Extract<Input, { type: "view" }>;
type Left = ViewInput["left"][number];

/**
 * Everybody who was with us and is not any more. An engine that forgets to name one (after a
 * restart it cannot know) must not make a loss invisible: whoever is missing counts as node-down.
 */
function whoLeft(turn: Turn, view: ViewInput): readonly Left[] {
  const now = new Set(view.members.map(processKey));
  const came = new Set(view.joined.map(processKey));
  const told = new Map(view.left.map((left) => [processKey(left), left]));
  const missed = turn.state.lastMembers
    .filter((p) => processKey(p) !== selfKey(turn.state))
    .filter((p) => !told.has(processKey(p)) && (!now.has(processKey(p)) || came.has(processKey(p))))
    .map((p) => ({ ...p, reason: "node-down" as const }));
  return [...told.values(), ...missed];
}

/** Only a process that spoke for its node counts: a stranger in the group holds nothing. */
function spoke(turn: Turn, process: ProcessRef): boolean {
  const ring = turn.state.ring;
  const key = processKey(process);
  if (ring === undefined || ring.hellos.has(key)) return true;
  const another = ring.members.some(
    (p) => p.nodeId === process.nodeId && processKey(p) !== key && ring.hellos.has(processKey(p)),
  );
  return !another;
}

function onLeft(turn: Turn, left: Left): void {
  const member = byNode(turn.state.ledger.members, left.nodeId);
  if (member === undefined || !spoke(turn, left)) return;
  missed(turn, left.nodeId);
  const incarnation = { boot: member.boot, start: member.start };
  if (left.reason === "node-down") {
    addVictim(turn, left.nodeId, incarnation, "node-down");
    return;
  }
  suspect(turn, left.nodeId);
}

function missed(turn: Turn, node: NodeId): void {
  if (turn.state.missedAt.has(node)) return;
  update(turn, { missedAt: new Map(turn.state.missedAt).set(node, turn.now.wall) });
}

/** Only the daemon of a member is gone: storage holds still, and the node has its grace. */
export function suspect(turn: Turn, node: NodeId): void {
  const { ledger } = turn.state;
  const member = byNode(ledger.members, node);
  if (member === undefined) return;
  const incarnation = { boot: member.boot, start: member.start };
  updateLedger(turn, {
    suspects: withNode(ledger.suspects, { node, incarnation }),
    members: withoutNode(ledger.members, node),
    open: false,
  });
  missed(turn, node);
  log(
    turn,
    "warn",
    "suspect",
    `the daemon of ${name(turn.state, node)} is gone; its node has its grace`,
    node,
  );
}

/** Who has come along with us since we were last synced. */
function movedAlong(turn: Turn, view: ViewInput): readonly string[] {
  const came = new Set(view.joined.map(processKey));
  const stayed = view.members.map(processKey).filter((key) => !came.has(key) || key === selfKey(turn.state));
  const { ring, movedWith } = turn.state;
  const base = ring?.phase === "synced" ? stayed : stayed.filter((key) => movedWith.includes(key));
  return [...new Set([...base, selfKey(turn.state)])].sort();
}

export function onView(turn: Turn, view: ViewInput): void {
  const before = turn.state;
  const wasMember = byNode(before.ledger.members, before.nodeId) !== undefined;
  const left = whoLeft(turn, view);
  for (const one of left) onLeft(turn, one);
  const lost = turn.state.ledger.members.length < before.ledger.members.length;
  const previous = before.ring;
  const movedWith = movedAlong(turn, view);
  const members = [...view.members].sort(
    (a, b) => a.nodeId - b.nodeId || (a.processId < b.processId ? -1 : 1),
  );
  const unsynced = previous !== undefined && previous.phase !== "synced";
  const ring: Ring = {
    id: view.ringId,
    members,
    hellos: new Map(),
    claims: new Map(),
    table: LOCKS_EMPTY,
    muted: [],
    helloUntil: turn.now.mono + HELLO_TIMEOUT_MS,
    protocol: turn.state.protocol.min,
    phase: "hellos",
    roles: new Map(),
    authority: [],
    gained: view.joined.length > 0 || (unsynced && previous.gained),
    quorate: false,
    quorumVotes: 0,
  };
  const { engineLost: _lost, quorum, ...rest } = turn.state;
  turn.state = {
    ...rest,
    ...(quorum?.ringId === view.ringId ? { quorum } : {}),
    ring,
    movedWith,
    previousRing: previous?.phase === "synced" ? previous.id : before.previousRing,
    lastMembers: members,
    watch: { ...WATCH_EMPTY, holds: before.watch.holds, graceUntil: before.watch.graceUntil },
    ...(lost && wasMember ? { localFreeze: "a member was lost; the members compare notes" } : {}),
  };
  const gone = left.map((l) => `${name(turn.state, l.nodeId)} (${l.reason})`).join(", ");
  const came = view.joined.map((p) => name(turn.state, p.nodeId)).join(", ");
  log(
    turn,
    "info",
    "view",
    `view of ${members.map((p) => name(turn.state, p.nodeId)).join(" ")}` +
      (gone === "" ? "" : `; left: ${gone}`) +
      (came === "" ? "" : `; joined: ${came}`),
  );
  sendClaims(turn);
  multicast(turn, makeHello(turn));
}

/** The engine is gone: nothing is known any more, so nothing may be written. */
export function onLost(turn: Turn, why: string): void {
  const { ring, quorum: _quorum, ...rest } = turn.state;
  turn.state = {
    ...rest,
    engineLost: why,
    localFreeze: "the group engine is gone",
    previousRing: ring?.phase === "synced" ? ring.id : rest.previousRing,
    movedWith: [selfKey(turn.state)],
  };
  log(turn, "error", "engine-lost", `the group engine is gone: ${why}; storage is held on this node`);
}
