/** What clients of this node ask for, before anybody else hears of it. */
import type { Turn } from "../state.ts";
import { emit, update } from "../turn.ts";
import { NODE_LOCKS_MAX } from "./limits.ts";
import { covers, type Mode } from "./modes.ts";
import type { LocalLocks, OwnLock } from "./own.ts";
import { trieDelete, trieGet, trieSet } from "./trie.ts";
import type { LockEvent, LockRequest } from "./types.ts";

export function updateLocks(turn: Turn, change: Partial<LocalLocks>): void {
  update(turn, { locks: { ...turn.state.locks, ...change } });
}

export function ownLock(turn: Turn, id: number): OwnLock | undefined {
  return trieGet(turn.state.locks.own, String(id));
}

export function putOwn(turn: Turn, lock: OwnLock): void {
  updateLocks(turn, { own: trieSet(turn.state.locks.own, String(lock.id), lock) });
}

export function dropOwn(turn: Turn, id: number): void {
  updateLocks(turn, { own: trieDelete(turn.state.locks.own, String(id)) });
}

export function tell(turn: Turn, ...events: readonly LockEvent[]): void {
  if (events.length > 0) emit(turn, { type: "lock-events", events });
}

function say(turn: Turn, lock: OwnLock): void {
  putOwn(turn, lock);
  updateLocks(turn, { outgoing: { item: lock.id, next: turn.state.locks.outgoing } });
}

export function onLockRequests(turn: Turn, requests: readonly LockRequest[]): void {
  for (const request of requests) onLockRequest(turn, request);
}

function onLockRequest(turn: Turn, request: LockRequest): void {
  const { id } = request;
  const lock = ownLock(turn, id);
  if (request.type === "lock") {
    const { type: _type, mode, ...rest } = request;
    if (lock !== undefined) tell(turn, { type: "refused", id, why: "unknown" });
    else if (turn.state.locks.own.size >= NODE_LOCKS_MAX) tell(turn, { type: "refused", id, why: "limit" });
    else say(turn, { ...rest, goal: mode });
  } else if (lock === undefined || lock.goal === "gone") {
    tell(turn, { type: "refused", id, why: "unknown" });
  } else if (request.type === "unlock" || (request.type === "cancel" && lock.held === undefined)) {
    giveBack(turn, lock, request.type === "unlock" ? request.value : undefined);
  } else if (lock.held === undefined || lock.lost === true) {
    tell(turn, { type: "refused", id, why: "unknown" });
  } else if (request.type === "cancel") {
    if (lock.goal === lock.held) return;
    say(turn, withoutNoQueue({ ...lock, goal: lock.held }));
    tell(turn, { type: "refused", id, why: "cancelled" });
  } else {
    onConvert(turn, lock, lock.held, request);
  }
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
