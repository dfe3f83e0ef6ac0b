/** What clients of this node ask for, before anybody else hears of it. */
import type { Turn } from "../state.ts";
import { emit, update } from "../turn.ts";
import { NODE_LOCKS_MAX } from "./limits.ts";
import { covers, type Mode } from "./modes.ts";
import type { LocalLocks, OwnLock } from "./own.ts";
import { keyOf, type LockValue } from "./resource.ts";
import { clientOf, forgetClient, handOver, keep, keptFor, mayKeep, numberOf, unkeep } from "./sticky.ts";
import { getResource } from "./table.ts";
import { trieDelete, trieGet, trieSet } from "./trie.ts";
import type { LockEvent, LockRequest } from "./types.ts";

export function updateLocks(turn: Turn, change: Partial<LocalLocks>): void {
  update(turn, { locks: { ...turn.state.locks, ...change } });
}

export function ownLock(turn: Turn, id: number): OwnLock | undefined {
  return trieGet(turn.state.locks.own, id);
}

export function putOwn(turn: Turn, lock: OwnLock): void {
  updateLocks(turn, { own: trieSet(turn.state.locks.own, lock.id, lock) });
}

export function dropOwn(turn: Turn, id: number): void {
  updateLocks(turn, { own: trieDelete(turn.state.locks.own, id) });
}

/** Under the number that the client knows. What is over for it is over for its number, too. */
export function tell(turn: Turn, ...events: readonly LockEvent[]): void {
  if (events.length === 0) return;
  const { size } = turn.state.locks.kept.clients;
  const named = size === 0 ? events : events.map((event) => ({ ...event, id: clientOf(turn, event.id) }));
  emitEvents(turn, named);
  if (size === 0) return;
  for (const { type, id } of events) {
    if (type === "released" || (type === "refused" && ownLock(turn, id) === undefined))
      forgetClient(turn, id);
  }
}

/** What is said in one breath is one effect: it is written down for all of them at once. */
function emitEvents(turn: Turn, events: readonly LockEvent[]): void {
  const last = turn.effects.at(-1);
  if (last?.type === "lock-events") for (const event of events) (last.events as LockEvent[]).push(event);
  else emit(turn, { type: "lock-events", events: [...events] });
}

export function say(turn: Turn, lock: OwnLock): void {
  putOwn(turn, lock);
  updateLocks(turn, { outgoing: { item: lock.id, next: turn.state.locks.outgoing } });
}

export function onLockRequests(turn: Turn, requests: readonly LockRequest[]): void {
  for (const request of requests) onLockRequest(turn, request);
}

/** What this client calls `id`. A lock that is kept, or that is another's by now, is not its own. */
function lockOf(turn: Turn, id: number): OwnLock | undefined {
  const number = numberOf(turn, id);
  const lock = ownLock(turn, number);
  return lock?.kept === true || clientOf(turn, number) !== id ? undefined : lock;
}

function onLockRequest(turn: Turn, request: LockRequest): void {
  const lock = lockOf(turn, request.id);
  const unknown = { type: "refused", id: request.id, why: "unknown" } as const;
  if (request.type === "lock") {
    const isUsed = lock !== undefined || ownLock(turn, request.id) !== undefined;
    if (isUsed) emitEvents(turn, [unknown]);
    else onLock(turn, request);
  } else if (lock === undefined || lock.goal === "gone") {
    emitEvents(turn, [unknown]);
  } else if (request.type === "unlock" || (request.type === "cancel" && lock.held === undefined)) {
    const value = request.type === "unlock" ? request.value : undefined;
    if (mayKeep(turn, lock)) keepLock(turn, lock, value);
    else giveBack(turn, lock, value);
  } else if (lock.held === undefined || lock.lost === true) {
    emitEvents(turn, [unknown]);
  } else if (request.type === "cancel") {
    if (lock.goal === lock.held) return;
    say(turn, withoutNoQueue({ ...lock, goal: lock.held }));
    tell(turn, { type: "refused", id: lock.id, why: "cancelled" });
  } else {
    onConvert(turn, lock, lock.held, request);
  }
}

function onLock(turn: Turn, request: Extract<LockRequest, { type: "lock" }>): void {
  const found = keptFor(turn, request);
  if (found?.use === "take") return takeKept(turn, found.lock, request);
  if (found !== undefined) giveUpKept(turn, found.lock);
  const { own, kept } = turn.state.locks;
  const { type: _type, mode, ...rest } = request;
  if (own.size - kept.count >= NODE_LOCKS_MAX) {
    tell(turn, { type: "refused", id: request.id, why: "limit" });
  } else say(turn, { ...rest, goal: mode });
}

/** Granted again without a word to anybody. Fewer rights than were kept are told to the others. */
function takeKept(
  turn: Turn,
  kept: OwnLock,
  { id: client, mode, owner, once }: Extract<LockRequest, { type: "lock" }>,
): void {
  const { lockspace, name, id, value: written } = kept;
  const lock: OwnLock = {
    ...{ lockspace, name, id, owner, goal: mode, held: mode },
    ...(written === undefined ? {} : { value: written }),
    ...(once === true ? { once } : {}),
  };
  handOver(turn, lock, client);
  if (mode !== kept.held) say(turn, lock);
  const value = shownValue(turn, lock);
  emitEvents(turn, [{ type: "granted", id: client, mode, ...(value === undefined ? {} : { value }) }]);
}

/** What the owner is shown: what this node wrote itself, and what is not delivered yet, is newer. */
export function shownValue(turn: Turn, lock: OwnLock): LockValue | undefined {
  if (lock.value !== undefined) return { data: lock.value, valid: true };
  return getResource(turn.state.ledger.locks, keyOf(lock.lockspace, lock.name))?.value;
}

/** Somebody else wants it, or it has been kept for too long: the others hear that it is free. */
export function giveUpKept(turn: Turn, lock: OwnLock): void {
  unkeep(turn, lock);
  const { kept: _kept, held: _held, ...rest } = lock;
  say(turn, { ...rest, goal: "gone" });
}

/** Its owner has done with it; the node has not. */
function keepLock(turn: Turn, lock: OwnLock, value: string | undefined): void {
  const client = clientOf(turn, lock.id);
  for (const id of keep(turn, lock, value)) {
    const old = ownLock(turn, id);
    if (old?.kept === true) giveUpKept(turn, old);
  }
  emitEvents(turn, [{ type: "released", id: client }]);
}

/** A value that is not delivered yet stays with the next wish. */
function withoutNoQueue({ noQueue: _noQueue, ...lock }: OwnLock): OwnLock {
  return lock;
}

/** From here on its owner does nothing any more, whether the others have heard of it or not. */
function giveBack(turn: Turn, lock: OwnLock, value: string | undefined): void {
  const { held: _held, ...rest } = withoutNoQueue(lock);
  if (lock.lost === true) {
    dropOwn(turn, lock.id);
    tell(turn, { type: "released", id: lock.id });
  } else {
    say(turn, { ...rest, goal: "gone", ...(value === undefined ? {} : { value }) });
  }
}

/** Fewer rights are true at once; more of them when the master says so. */
function onConvert(
  turn: Turn,
  lock: OwnLock,
  held: Mode,
  { mode, noQueue, value }: Extract<LockRequest, { type: "convert" }>,
): void {
  const lowers = covers(held, mode);
  say(turn, {
    ...withoutNoQueue(lock),
    goal: mode,
    ...(noQueue === true ? { noQueue } : {}),
    ...(lowers && value !== undefined ? { value } : {}),
    ...(lowers ? { held: mode } : {}),
  });
  if (lowers) tell(turn, { type: "granted", id: lock.id, mode });
}
