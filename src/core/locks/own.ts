/** The locks of this node's own clients, as data: what they want, and what they were told. */
import type { RingId } from "../ids.ts";
import type { Mode } from "./modes.ts";
import { TRIE_EMPTY, type Trie, trieEntries, trieGet, trieSet } from "./trie.ts";
import type { LockClaim } from "./types.ts";

/** One lock of a client of this node, from the first wish until it was given back for good. */
export interface OwnLock {
  readonly lockspace: string;
  readonly name: string;
  readonly id: number;
  readonly owner: string;
  readonly persistent?: true;
  readonly once?: true;
  /** What its owner wants now. */
  readonly goal: Mode | "gone";
  readonly noQueue?: true;
  /** To be written with the goal; until its delivery was seen. */
  readonly value?: string;
  /** What its owner was told that it holds, and has not given back since. */
  readonly held?: Mode;
  /** The cluster went on without this node; the owner was told and has not let go yet. */
  readonly lost?: true;
  /** Its owner has given it back; the node keeps it for the next one. Held for everybody else. */
  readonly kept?: true;
}

/** A list that grows at its head without copying. */
export interface Chain<T> {
  readonly item: T;
  readonly next: Chain<T> | undefined;
}

/** The locks of this node that nobody uses, and who goes by another number than the ledger knows. */
export interface KeptLocks {
  /**
   * By resource, the number of the lock that was kept last. It may be in use again, or over: the lock itself
   * says. What is only kept and still in `old` when `young` is full is given back for good.
   */
  readonly young: Trie<number>;
  readonly old: Trie<number>;
  /** Locks that are kept now. */
  readonly count: number;
  /** The client's number of a lock that was granted again, by the ledger's; and the other way round. */
  readonly clients: Trie<number, number>;
  readonly numbers: Trie<number, number>;
}

export const KEPT_EMPTY: KeptLocks = {
  young: TRIE_EMPTY,
  old: TRIE_EMPTY,
  count: 0,
  clients: TRIE_EMPTY,
  numbers: TRIE_EMPTY,
};

export interface LocalLocks {
  readonly own: Trie<OwnLock, number>;
  /** Locks whose goal the others may not know yet. */
  readonly outgoing: Chain<number> | undefined;
  /** What did not fit into the last messages: older than all that is outgoing, sent from `at` on. */
  readonly backlog: { readonly ids: readonly number[]; readonly at: number } | undefined;
  /** Locks of which there may be something to tell once the gate is open. */
  readonly telling: Chain<number> | undefined;
  /** Ring in which a message of ours is on its way: one at a time, so that they fill up. */
  readonly sentIn?: RingId;
  /** Ring in which own locks were compared with the ledger. */
  readonly comparedIn?: RingId;
  /** Master only: a decision is on its way in this ring. */
  readonly decidedIn?: RingId;
  /** Master only: ring and epoch for which all resources were looked at. */
  readonly scannedFor?: string;
  /** Master only: resources where something changed since. */
  readonly touched: Chain<string> | undefined;
  readonly kept: KeptLocks;
}

export const LOCAL_LOCKS_EMPTY: LocalLocks = {
  own: TRIE_EMPTY,
  outgoing: undefined,
  backlog: undefined,
  telling: undefined,
  touched: undefined,
  kept: KEPT_EMPTY,
};

/** Oldest first, each once. */
export function unchain<T>(chain: Chain<T> | undefined): readonly T[] {
  const items = new Set<T>();
  for (let link = chain; link !== undefined; link = link.next) items.add(link.item);
  return [...items].reverse();
}

export function chained<T>(chain: Chain<T> | undefined, items: readonly T[]): Chain<T> | undefined {
  return items.reduce<Chain<T> | undefined>((next, item) => ({ item, next }), chain);
}

export function* ownLocks({ own }: LocalLocks): Generator<OwnLock> {
  for (const [, lock] of trieEntries(own)) yield lock;
}

/** Locks that owners on this host rely on, the given-up ones of a node that was left behind too. */
export function locksInUse(locks: LocalLocks): readonly OwnLock[] {
  return [...ownLocks(locks)].filter(
    (lock) => lock.kept !== true && (lock.held !== undefined || lock.lost === true),
  );
}

/** Does the node keep this one of its locks, used by nobody? */
export function isKept({ own }: LocalLocks, id: number): boolean {
  return trieGet(own, id)?.kept === true;
}

/** What this host re-states in a new view, kept locks included, sorted by id. */
export function claimsOf(locks: LocalLocks): readonly LockClaim[] {
  const claims: LockClaim[] = [];
  for (const { lockspace, name, id, owner, persistent, held, goal } of ownLocks(locks)) {
    if (held === undefined || goal === "gone") continue;
    claims.push({ lockspace, name, id, owner, mode: held, ...(persistent === true ? { persistent } : {}) });
  }
  return claims.sort((a, b) => a.id - b.id);
}

/** The host holds these since before this daemon's start. */
export function fromClaims(claims: readonly LockClaim[]): LocalLocks {
  let own: Trie<OwnLock, number> = TRIE_EMPTY;
  for (const { mode, ...claim } of claims) {
    own = trieSet(own, claim.id, { ...claim, goal: mode, held: mode });
  }
  return { ...LOCAL_LOCKS_EMPTY, own };
}
