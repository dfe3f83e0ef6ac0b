/**
 * Sticky locks: one that was given back stays with its node and is granted there again without a
 * message, until somebody else asks. For all others it is held the whole time: by the same number,
 * in the same mode. So whatever protects a lock that is held protects it, too.
 * Source: docs/locks.md, "Kept locks".
 */
import { type NodeId, sameIncarnation } from "../ids.ts";
import type { Turn } from "../state.ts";
import { byNode, update } from "../turn.ts";
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
  return trieGet(turn.state.locks.kept.numbers, String(id)) ?? id;
}

/** The number by which its client knows the lock that the ledger calls `id`. */
export function clientOf(turn: Turn, id: number): number {
  return trieGet(turn.state.locks.kept.clients, String(id)) ?? id;
}

/** The client has nothing to do with the lock any more. */
export function forgetClient(turn: Turn, id: number): void {
  const { clients, numbers } = turn.state.locks.kept;
  const client = trieGet(clients, String(id));
  if (client === undefined) return;
  updateKept(turn, {
    clients: trieDelete(clients, String(id)),
    numbers: trieDelete(numbers, String(client)),
  });
}

/** Only where the ledger is known to everybody alike, and storage is not held. */
function isCalm({ state }: Turn): boolean {
  const { ring, gate, locks, ledger, nodeId, incarnation } = state;
  if (!gate.open || ring?.phase !== "synced" || locks.comparedIn !== ring.id) return false;
  return sameIncarnation(byNode(ledger.members, nodeId), incarnation);
}

function resourceOf(turn: Turn, lock: { lockspace: string; name: string }): Resource | undefined {
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
  return known?.mode === held && findKept(turn, keyOf(lock.lockspace, lock.name)) === undefined;
}

function findKept(turn: Turn, key: string): number | undefined {
  const { young, old } = turn.state.locks.kept;
  return trieGet(young, key) ?? trieGet(old, key);
}

/** The lock as it is kept. Answers also the numbers of those that have been kept too long. */
export function keep(
  turn: Turn,
  lock: OwnLock,
  value: string | undefined,
): { readonly kept: OwnLock; readonly stale: readonly number[] } {
  const key = keyOf(lock.lockspace, lock.name);
  const written = value !== undefined && lock.held !== undefined && writes(lock.held) ? { value } : {};
  const { young, old } = turn.state.locks.kept;
  const kept: OwnLock = { ...lock, ...written, kept: true };
  if (young.size < KEPT_PER_GENERATION) {
    updateKept(turn, { young: trieSet(young, key, lock.id) });
    return { kept, stale: [] };
  }
  updateKept(turn, { young: trieSet<number>(TRIE_EMPTY, key, lock.id), old: young });
  return { kept, stale: [...trieEntries(old)].map(([, id]) => id) };
}

/** From here on the lock is not among those that nobody uses. */
export function unkeep(turn: Turn, { lockspace, name }: { lockspace: string; name: string }): void {
  const key = keyOf(lockspace, name);
  const { young, old } = turn.state.locks.kept;
  if (trieGet(young, key) !== undefined) updateKept(turn, { young: trieDelete(young, key) });
  else if (trieGet(old, key) !== undefined) updateKept(turn, { old: trieDelete(old, key) });
}

type Wish = Pick<OwnLock, "lockspace" | "name" | "id" | "persistent"> & { readonly mode: Mode };

/**
 * A lock of this resource that nobody uses. `take`: it gives what is wanted, here and now. `free`: it
 * is too weak and in the way of the wish, which goes the long way.
 */
export function keptFor(
  turn: Turn,
  wish: Wish,
): { readonly id: number; readonly use: "take" | "free" } | undefined {
  const id = findKept(turn, keyOf(wish.lockspace, wish.name));
  if (id === undefined) return undefined;
  const lock = trieGet(turn.state.locks.own, String(id));
  const enough = lock?.held !== undefined && covers(lock.held, wish.mode);
  const use = enough && wish.persistent !== true && isCalm(turn) ? "take" : "free";
  return { id, use };
}

/** The lock `id` is used by the client `client` from now on. */
export function handOver(turn: Turn, id: number, client: number): void {
  const { clients, numbers } = turn.state.locks.kept;
  updateKept(turn, {
    clients: trieSet(clients, String(id), client),
    numbers: trieSet(numbers, String(client), id),
  });
}
