/**
 * Sticky locks: one that was given back stays with its node and is granted there again without a
 * message, until somebody else asks. For all others it is held the whole time: by the same number,
 * in the same mode. So whatever protects a lock that is held protects it, too.
 * Source: docs/locks.md, "Kept locks".
 */
import type { NodeId } from "../ids.ts";
import type { Turn } from "../state.ts";
import { isMember, update } from "../turn.ts";
import { KEPT_PER_GENERATION } from "./limits.ts";
import { compatible, covers, type Mode, writes } from "./modes.ts";
import type { KeptLocks, OwnLock } from "./own.ts";
import { findLock, keyOf, type Resource } from "./resource.ts";
import { getResource } from "./table.ts";
import { TRIE_EMPTY, trieDelete, trieEntries, trieGet, trieSet } from "./trie.ts";

function updateKept(turn: Turn, change: Partial<KeptLocks>): void {
  const { locks } = turn.state;
  update(turn, { locks: { ...locks, kept: { ...locks.kept, ...change } } });
}

/** The number by which the ledger knows the lock that a client calls `id`. */
export function numberOf(turn: Turn, id: number): number {
  return trieGet(turn.state.locks.kept.numbers, id) ?? id;
}

/** The number by which its client knows the lock that the ledger calls `id`. */
export function clientOf(turn: Turn, id: number): number {
  return trieGet(turn.state.locks.kept.clients, id) ?? id;
}

/** The client has nothing to do with the lock any more. */
export function forgetClient(turn: Turn, id: number): void {
  const { kept } = turn.state.locks;
  const rest = withoutClient(kept, id);
  if (rest !== kept) updateKept(turn, rest);
}

function withoutClient(kept: KeptLocks, id: number): KeptLocks {
  const { clients, numbers } = kept;
  const client = trieGet(clients, id);
  if (client === undefined) return kept;
  return { ...kept, clients: trieDelete(clients, id), numbers: trieDelete(numbers, client) };
}

/** Only where the ledger is known to everybody alike, and storage is not held. */
function isCalm({ state }: Turn): boolean {
  const { ring, gate, locks } = state;
  if (!gate.open || ring?.phase !== "synced" || locks.comparedIn !== ring.id) return false;
  return isMember(state);
}

type Named = Pick<OwnLock, "lockspace" | "name">;

function resourceOf(turn: Turn, lock: Named): Resource | undefined {
  return getResource(turn.state.ledger.locks, keyOf(lock.lockspace, lock.name));
}

/** What somebody waits for that this lock of `node` keeps from him. */
export function waitedFor(resource: Resource, { id, held }: OwnLock, node: NodeId): Mode | undefined {
  return [...resource.converting, ...resource.waiting].find(
    (one) =>
      one.wants !== undefined &&
      !(one.node === node && one.id === id) &&
      !compatible(held ?? "NL", one.wants),
  )?.wants;
}

/** May the lock stay here, now that its owner has done with it? */
export function mayKeep(turn: Turn, lock: OwnLock): boolean {
  const { held, goal, id, lost, persistent } = lock;
  if (
    held === undefined ||
    held !== goal ||
    held === "NL" ||
    lost === true ||
    persistent === true ||
    lock.once === true
  )
    return false;
  if (!isCalm(turn)) return false;
  const resource = resourceOf(turn, lock);
  if (resource === undefined || resource.converting.length + resource.waiting.length > 0) return false;
  const known = findLock(resource, turn.state.nodeId, id);
  return known?.mode === held && findKept(turn, lock) === undefined;
}

/** At most one lock of a resource is kept. */
function findKept({ state }: Turn, { lockspace, name }: Named): OwnLock | undefined {
  const { own, kept } = state.locks;
  const key = keyOf(lockspace, name);
  const id = trieGet(kept.young, key) ?? trieGet(kept.old, key);
  const lock = id === undefined ? undefined : trieGet(own, id);
  return lock?.kept === true ? lock : undefined;
}

/** Its client has done with the lock. Answers the numbers of those that have been kept too long. */
export function keep(turn: Turn, lock: OwnLock, value: string | undefined): readonly number[] {
  const { locks } = turn.state;
  const written = value !== undefined && lock.held !== undefined && writes(lock.held) ? { value } : {};
  const kept: OwnLock = { ...lock, ...written, kept: true };
  const { all, stale } = withKept(withoutClient(locks.kept, lock.id), lock);
  update(turn, {
    locks: { ...locks, own: trieSet(locks.own, lock.id, kept), kept: { ...all, count: all.count + 1 } },
  });
  return stale;
}

/** Where it was kept before it is found again: nothing moves. */
function withKept(
  all: KeptLocks,
  { id, lockspace, name }: OwnLock,
): { readonly all: KeptLocks; readonly stale: readonly number[] } {
  const key = keyOf(lockspace, name);
  const { young, old } = all;
  if (trieGet(young, key) === id) return { all, stale: [] };
  const rest = trieDelete(old, key);
  if (young.size < KEPT_PER_GENERATION || trieGet(young, key) !== undefined) {
    return { all: { ...all, young: trieSet(young, key, id), old: rest }, stale: [] };
  }
  const stale = [...trieEntries(rest)].map(([, number]) => number);
  return { all: { ...all, young: trieSet<number, string>(TRIE_EMPTY, key, id), old: young }, stale };
}

/** From here on the lock is not among those that nobody uses, and nobody looks for it there. */
export function unkeep(turn: Turn, { lockspace, name }: Named): void {
  const key = keyOf(lockspace, name);
  const { young, old, count } = turn.state.locks.kept;
  updateKept(turn, { young: trieDelete(young, key), old: trieDelete(old, key), count: count - 1 });
}

type Wish = Named & Pick<OwnLock, "persistent"> & { readonly mode: Mode };

/**
 * A lock of this resource that nobody uses. `take`: it gives what is wanted, here and now. `free`: it
 * is too weak and in the way of the wish, which goes the long way.
 */
export function keptFor(
  turn: Turn,
  wish: Wish,
): { readonly lock: OwnLock; readonly use: "take" | "free" } | undefined {
  const lock = findKept(turn, wish);
  if (lock === undefined) return undefined;
  const enough = lock?.held !== undefined && covers(lock.held, wish.mode);
  const use = enough && wish.persistent !== true && isCalm(turn) ? "take" : "free";
  return { lock, use };
}

/** This lock, which was kept, is used by the client `client` from now on. */
export function handOver(turn: Turn, lock: OwnLock, client: number): void {
  const { locks } = turn.state;
  const { clients, numbers, count } = locks.kept;
  const kept = {
    ...locks.kept,
    clients: trieSet(clients, lock.id, client),
    numbers: trieSet(numbers, client, lock.id),
    count: count - 1,
  };
  update(turn, { locks: { ...locks, own: trieSet(locks.own, lock.id, lock), kept } });
}
