/** After every input: what own clients want is asked for, what they got is told, the master decides. */
import type { NodeId } from "../ids.ts";
import type { State, Turn } from "../state.ts";
import { isInEpoch, isMaster, isMember, multicast } from "../turn.ts";
import { compareOwn } from "./compare.ts";
import { decide } from "./decide.ts";
import { DECISIONS_PER_MESSAGE_MAX, OPS_PER_MESSAGE_MAX } from "./limits.ts";
import { dropOwn, ownLock, putOwn, shownValue, tell, updateLocks } from "./local.ts";
import { compatible, covers, keepsWritersOut } from "./modes.ts";
import { type Chain, chained, type OwnLock, unchain } from "./own.ts";
import { asksWhetherUsed, findLock, keyOf, type Lock } from "./resource.ts";
import { allResources, getResource } from "./table.ts";
import type { LockEvent, LockOp, LockWord } from "./types.ts";

export function driveLocks(turn: Turn): void {
  if (turn.state.ring?.phase !== "synced") return;
  if (turn.state.locks.comparedIn !== turn.state.ring.id) compareOwn(turn);
  sendOps(turn);
  tellOwners(turn);
  if (isMaster(turn.state)) driveDecisions(turn);
}

/** This lock as the ledger has it. */
function inLedger(state: State, { lockspace, name, id }: OwnLock): Lock | undefined {
  const resource = getResource(state.ledger.locks, keyOf(lockspace, name));
  return resource === undefined ? undefined : findLock(resource, state.nodeId, id);
}

/** Whoever was granted something hears of it when this node's own gate is open, not before. */
function tellOwners(turn: Turn): void {
  const { telling } = turn.state.locks;
  if (telling === undefined || !turn.state.gate.open) return;
  const events: LockEvent[] = [];
  for (const id of unchain(telling)) {
    const lock = ownLock(turn, id);
    if (lock !== undefined) tellOwner(turn, lock, events);
  }
  updateLocks(turn, { telling: undefined });
  tell(turn, ...events);
}

function tellOwner(turn: Turn, lock: OwnLock, events: LockEvent[]): void {
  const resource = getResource(turn.state.ledger.locks, keyOf(lock.lockspace, lock.name));
  const known = resource === undefined ? undefined : findLock(resource, turn.state.nodeId, lock.id);
  const mode = known?.mode;
  if (resource === undefined || mode === undefined || mode !== lock.goal || mode === lock.held) return;
  const { noQueue: _noQueue, ...rest } = lock;
  putOwn(turn, { ...rest, held: mode });
  const shown = shownValue(turn, lock);
  const value = shown === undefined ? {} : { value: shown };
  events.push({ type: "granted", id: lock.id, mode, ...value });
  const waits = [...resource.converting, ...resource.waiting].find(
    (other) => other.wants !== undefined && !compatible(mode, other.wants),
  );
  if (waits?.wants !== undefined) events.push({ type: "blocking", id: lock.id, mode: waits.wants });
}

/** One message at a time: what comes up meanwhile goes with the next, however much it is. */
function sendOps(turn: Turn): void {
  const { outgoing, backlog, sentIn } = turn.state.locks;
  const ring = turn.state.ring?.id;
  if (ring === undefined || sentIn === ring || (outgoing === undefined && backlog === undefined)) return;
  const found: Found = { ops: [], later: [], back: [], events: [] };
  while (found.ops.length === 0 && takeOutgoing(turn, found));
  const { ops, later, back, events } = found;
  const { locks } = turn.state;
  updateLocks(turn, {
    outgoing: chained(locks.outgoing, later),
    telling: chained(locks.telling, back),
    ...(ops.length === 0 ? {} : { sentIn: ring }),
  });
  if (ops.length > 0) multicast(turn, { type: "lock-ops", wall: turn.now.wall, ops });
  tell(turn, ...events);
}

interface Found {
  readonly ops: LockOp[];
  /** Not a member yet: nobody would listen. */
  readonly later: number[];
  /** Gave rights back and took them again before anybody heard of it. */
  readonly back: number[];
  readonly events: LockEvent[];
}

/** Works off what waits, as far as one message goes. Answers whether there was anything. */
function takeOutgoing(turn: Turn, found: Found): boolean {
  const { state } = turn;
  const { outgoing, backlog } = state.locks;
  if (outgoing === undefined && backlog === undefined) return false;
  const { ids, at } = backlog ?? { ids: unchain(outgoing), at: 0 };
  const member = isMember(state);
  let next = at;
  for (; next < ids.length && found.ops.length < OPS_PER_MESSAGE_MAX; next++) {
    const id = ids[next] as number;
    const lock = ownLock(turn, id);
    if (lock === undefined || lock.lost === true) continue;
    const known = inLedger(state, lock);
    if (!member && lock.goal !== "gone") found.later.push(id);
    else if (lock.goal === "gone" && known === undefined) {
      dropOwn(turn, id);
      found.events.push({ type: "released", id });
    } else {
      const op = opFor(state, lock, known);
      if (op !== undefined) found.ops.push(op);
      else if (known?.mode === lock.goal && lock.held !== lock.goal) found.back.push(id);
    }
  }
  updateLocks(turn, {
    outgoing: backlog === undefined ? undefined : outgoing,
    backlog: next < ids.length ? { ids, at: next } : undefined,
  });
  return true;
}

/** What brings the ledger to the goal; undefined when it is there, or on its way, already. */
function opFor(state: State, lock: OwnLock, known: Lock | undefined): LockOp | undefined {
  const { lockspace, name, id, goal, owner, value } = lock;
  const named = { lockspace, name, id };
  const write = value === undefined ? {} : { value };
  const noQueue = lock.noQueue === true ? { noQueue: true as const } : {};
  if (goal === "gone") return { type: "unlock", ...named, ...write };
  if (known === undefined) {
    const persistent = lock.persistent === true ? { persistent: true as const } : {};
    return { type: "lock", ...named, mode: goal, owner, ...noQueue, ...persistent };
  }
  if (known.wants === goal || (known.wants === undefined && known.mode === goal)) {
    const asked = lock.kept !== true && isAskedFor(state, lock, known);
    return asked ? { type: "in-use", ...named } : undefined;
  }
  // Only who gives rights back writes; otherwise the value stays with the lock.
  const lowers = known.mode !== undefined && covers(known.mode, goal);
  return { type: "convert", ...named, mode: goal, ...noQueue, ...(lowers ? write : {}) };
}

/** Somebody who does not want to wait must know whether it is in use. */
function isAskedFor({ ledger }: State, { lockspace, name }: OwnLock, known: Lock): boolean {
  const resource = getResource(ledger.locks, keyOf(lockspace, name));
  return resource !== undefined && asksWhetherUsed(resource, known);
}

/**
 * One decision at a time, from what was delivered: so nothing is decided twice. Only while the
 * domain is open and both the ring and this node have a quorum.
 */
function driveDecisions(turn: Turn): void {
  const { ring, ledger, quorum, locks } = turn.state;
  if (ring === undefined || locks.decidedIn === ring.id) return;
  if (!ledger.open || !ledger.established || !ring.quorate) return;
  if (quorum?.quorate !== true || quorum.ringId !== ring.id) return;
  const scanFor = `${ring.id} ${ledger.epoch.n} ${ledger.epoch.proposer}`;
  const keys = locks.scannedFor === scanFor ? unchain(locks.touched) : contended(turn.state);
  const mayHold = (node: NodeId): boolean => isInEpoch(ledger, node);
  const words: LockWord[] = [];
  let later: Chain<string> | undefined;
  for (const key of keys) {
    if (words.length >= DECISIONS_PER_MESSAGE_MAX) {
      later = { item: key, next: later };
      continue;
    }
    const resource = getResource(ledger.locks, key);
    if (resource === undefined) continue;
    const { lockspace, name, value } = resource;
    for (const decision of decide(resource, mayHold)) {
      // Beside such a mode nobody can write: what the master knows now is true at the delivery, too.
      const steady = decision.type === "grant" && keepsWritersOut(decision.mode);
      words.push({ lockspace, name, ...decision, ...(steady && value !== undefined ? { value } : {}) });
    }
  }
  if (keys.length > 0 || locks.scannedFor !== scanFor) {
    updateLocks(turn, { touched: later, scannedFor: scanFor });
  }
  if (words.length === 0) return;
  updateLocks(turn, { decidedIn: ring.id });
  multicast(turn, { type: "lock-grants", words });
}

/** Every resource where somebody wants something. */
function contended({ ledger }: State): readonly string[] {
  const keys: string[] = [];
  if (ledger.locks.waiting === 0) return keys;
  for (const { lockspace, name, converting, waiting } of allResources(ledger.locks)) {
    if (converting.length + waiting.length > 0) keys.push(keyOf(lockspace, name));
  }
  return keys;
}
