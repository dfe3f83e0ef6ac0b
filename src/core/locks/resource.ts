/**
 * One named thing that can be locked: who holds it, who wants more of it, who waits. Pure changes,
 * the same on every node. Nothing here decides who may: `decide.ts` does, on the master alone.
 */
import type { NodeId, WallMillis } from "../ids.ts";
import { compatible, covers, type Mode, writes } from "./modes.ts";

/** One lock of one owner. Identity: `node` and `id`, for as long as the host holds it. */
export interface Lock {
  readonly node: NodeId;
  /** Given by the owner's daemon. */
  readonly id: number;
  /** What it holds; absent: nothing yet. */
  readonly mode?: Mode;
  /** What it waits for. */
  readonly wants?: Mode;
  /** Refuse at once instead of waiting. */
  readonly noQueue?: true;
  /** Belongs to the host, not to a connection: goes only by being given back. */
  readonly persistent?: true;
  /** This conversion disturbed nobody when it came: it need not wait behind other conversions. */
  readonly eager?: true;
  /** Whoever is in its way has said that the lock is in use, not only kept: it may be refused. */
  readonly firm?: true;
  /** For people: "lvcreate (pid 811)". */
  readonly owner: string;
  /** When it was asked for, by its node's clock. */
  readonly since: WallMillis;
}

export interface LockValue {
  /** base64 of at most 64 bytes. */
  readonly data: string;
  /** False: a holder in EX or PW was lost, so nobody knows what is true. */
  readonly valid: boolean;
}

export interface Resource {
  readonly lockspace: string;
  readonly name: string;
  readonly granted: readonly Lock[];
  /** Hold one mode and want a stronger one, in the order in which they asked. */
  readonly converting: readonly Lock[];
  readonly waiting: readonly Lock[];
  readonly value?: LockValue;
}

/** Shape: names of lockspaces hold no slash. */
export function keyOf(lockspace: string, name: string): string {
  return `${lockspace}/${name}`;
}

/** One and the same for all: most resources have one holder and nobody who waits. */
const NOBODY: readonly Lock[] = [];

export function emptyResource(lockspace: string, name: string): Resource {
  return { lockspace, name, granted: NOBODY, converting: NOBODY, waiting: NOBODY };
}

export function isIdle({ granted, converting, waiting }: Resource): boolean {
  return granted.length + converting.length + waiting.length === 0;
}

const is = (lock: Lock, node: NodeId, id: number): boolean => lock.node === node && lock.id === id;

export function without(locks: readonly Lock[], node: NodeId, id: number): readonly Lock[] {
  const rest = locks.filter((lock) => !is(lock, node, id));
  return rest.length === 0 ? NOBODY : rest;
}

/** Everybody who holds something, those who want more of it included. */
export function holders(resource: Resource): readonly Lock[] {
  return resource.converting.length === 0 ? resource.granted : [...resource.granted, ...resource.converting];
}

export function findLock(resource: Resource, node: NodeId, id: number): Lock | undefined {
  const same = (lock: Lock): boolean => is(lock, node, id);
  return resource.granted.find(same) ?? resource.converting.find(same) ?? resource.waiting.find(same);
}

/** Would `mode` for this owner be compatible with what all others hold? */
export function fits(resource: Resource, node: NodeId, id: number, mode: Mode): boolean {
  return holders(resource).every((lock) => is(lock, node, id) || compatible(lock.mode ?? "NL", mode));
}

export function addRequest(resource: Resource, lock: Lock): Resource {
  if (findLock(resource, lock.node, lock.id) !== undefined) return resource;
  return { ...resource, waiting: [...resource.waiting, lock] };
}

function written(resource: Resource, held: Mode | undefined, data: string | undefined): Resource {
  if (data === undefined || held === undefined || !writes(held)) return resource;
  return { ...resource, value: { data, valid: true } };
}

function calm(lock: Lock, mode: Mode): Lock {
  const { wants: _wants, noQueue: _noQueue, eager: _eager, firm: _firm, ...rest } = lock;
  return { ...rest, mode };
}

/**
 * Asks for another mode. Giving rights back happens here and now, together with the new value; more
 * rights wait for the master. The present mode again takes a waiting conversion back.
 */
export function convert(
  resource: Resource,
  node: NodeId,
  id: number,
  change: { readonly mode: Mode; readonly noQueue?: true; readonly value?: string },
): Resource {
  const lock = holders(resource).find((one) => is(one, node, id));
  if (lock?.mode === undefined) return resource;
  const rest = {
    ...resource,
    granted: without(resource.granted, node, id),
    converting: without(resource.converting, node, id),
  };
  if (covers(lock.mode, change.mode)) {
    const lowered = { ...rest, granted: [...rest.granted, calm(lock, change.mode)] };
    return written(lowered, lock.mode, change.value);
  }
  const eager = fits(resource, node, id, change.mode) ? { eager: true as const } : {};
  const noQueue = change.noQueue === true ? { noQueue: true as const } : {};
  const wanting = { ...calm(lock, lock.mode), wants: change.mode, ...noQueue, ...eager };
  return { ...rest, converting: [...rest.converting, wanting] };
}

/** Does `waiter` want what this holder keeps from it? */
function isInWay(holder: Lock, waiter: Lock): boolean {
  if (holder.mode === undefined || waiter.wants === undefined) return false;
  return !is(holder, waiter.node, waiter.id) && !compatible(holder.mode, waiter.wants);
}

/** Only its node knows whether anybody uses it: it may be kept there for the next one. */
function mayBeKept({ wants, persistent }: Lock): boolean {
  return wants === undefined && persistent !== true;
}

/**
 * Whoever does not want to wait is refused when a lock in its way is in use, not when it is only
 * kept: the holder's node answers by giving it back or by saying so.
 */
export function waitsForAnswer(resource: Resource, waiter: Lock): boolean {
  if (waiter.noQueue !== true || waiter.firm === true) return false;
  const rivals = holders(resource).filter((holder) => isInWay(holder, waiter));
  return rivals.length > 0 && rivals.every(mayBeKept);
}

/** Does somebody wait for this holder's node to say whether its lock is in use? */
export function asksWhetherUsed(resource: Resource, holder: Lock): boolean {
  return [...resource.converting, ...resource.waiting].some(
    (waiter) => isInWay(holder, waiter) && waitsForAnswer(resource, waiter),
  );
}

/** The word of the holder's node that its lock is in use. Whoever it keeps waiting may be refused. */
export function sayInUse(resource: Resource, node: NodeId, id: number): Resource {
  const holder = findLock(resource, node, id);
  if (holder === undefined || !asksWhetherUsed(resource, holder)) return resource;
  const answered = (waiter: Lock): Lock =>
    isInWay(holder, waiter) && waitsForAnswer(resource, waiter) ? { ...waiter, firm: true } : waiter;
  return {
    ...resource,
    converting: resource.converting.map(answered),
    waiting: resource.waiting.map(answered),
  };
}

/** Gives a lock back, whatever it is waiting for; the value counts when it was held in EX or PW. */
export function release(resource: Resource, node: NodeId, id: number, value?: string): Resource {
  const held = findLock(resource, node, id)?.mode;
  const rest = {
    ...resource,
    granted: without(resource.granted, node, id),
    converting: without(resource.converting, node, id),
    waiting: without(resource.waiting, node, id),
  };
  return written(rest, held, value);
}

/** The master's word. Answers undefined when it does not apply any more: nothing changes then. */
export function grant(resource: Resource, node: NodeId, id: number, mode: Mode): Resource | undefined {
  const lock = findLock(resource, node, id);
  if (lock?.wants !== mode || !fits(resource, node, id, mode)) return undefined;
  return {
    ...resource,
    granted: [...resource.granted, calm(lock, mode)],
    converting: without(resource.converting, node, id),
    waiting: without(resource.waiting, node, id),
  };
}

/** The master's no: whoever waited is gone from the queue, whoever converted keeps what it holds. */
export function refuse(resource: Resource, node: NodeId, id: number): Resource | undefined {
  const lock = findLock(resource, node, id);
  if (lock?.wants === undefined) return undefined;
  if (lock.mode === undefined) return { ...resource, waiting: without(resource.waiting, node, id) };
  return {
    ...resource,
    converting: without(resource.converting, node, id),
    granted: [...resource.granted, calm(lock, lock.mode)],
  };
}
