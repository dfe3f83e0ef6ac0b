/**
 * An immutable map whose copy with one change costs a few small arrays, however large it is: the
 * state of the core is immutable, and the lock table may hold 100,000 entries.
 *
 * Shape: a hash trie of plain arrays, 32 ways per level, order of iteration by hash: not the order of
 * insertion, and the same for equal contents.
 * Source: P. Bagwell, Ideal Hash Trees.
 */

/** Numbers: whole, not negative. One map has keys of one kind. */
type Key = string | number;

interface Leaf<K, V> {
  readonly key: K;
  readonly value: V;
}

/** `slots` has one place per set bit of `bits`; leaves whose whole hash is equal share one list. */
interface Branch<K, V> {
  readonly bits: number;
  readonly slots: readonly Slot<K, V>[];
  /** Entries in it and below it. */
  readonly size: number;
}

type Slot<K, V> = Branch<K, V> | Leaf<K, V> | readonly Leaf<K, V>[];

export type Trie<V, K extends Key = string> = Branch<K, V>;

const WIDTH = 5;
const DEPTH_BITS = 30;

export const TRIE_EMPTY: Branch<never, never> = { bits: 0, slots: [], size: 0 };

/** Source: FNV-1a, and MurmurHash3's finalizer, for the low bits decide first. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Numbers that are given one after another lie side by side. */
function hashOf(key: Key): number {
  return typeof key === "string" ? hashText(key) : (key ^ (key / 2 ** 32)) >>> 0;
}

function countBits(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function place(bits: number, bit: number): number {
  return countBits(bits & (bit - 1));
}

function isBranch<K, V>(slot: Slot<K, V>): slot is Branch<K, V> {
  return (slot as Partial<Branch<K, V>>).bits !== undefined;
}

function isLeaf<K, V>(slot: Branch<K, V> | Slot<K, V>): slot is Leaf<K, V> {
  return (slot as Partial<Leaf<K, V>>).key !== undefined;
}

function sizeOf<K, V>(slot: Slot<K, V> | undefined): number {
  if (slot === undefined) return 0;
  if (isLeaf(slot)) return 1;
  return isBranch(slot) ? slot.size : slot.length;
}

export function trieGet<V, K extends Key>(trie: Trie<V, K>, key: K): V | undefined {
  const hash = hashOf(key);
  let branch = trie;
  for (let shift = 0; ; shift += WIDTH) {
    const bit = 1 << ((hash >>> shift) & 31);
    if ((branch.bits & bit) === 0) return undefined;
    const slot = branch.slots[place(branch.bits, bit)] as Slot<K, V>;
    if (isLeaf(slot)) return slot.key === key ? slot.value : undefined;
    if (!isBranch(slot)) return slot.find((leaf) => leaf.key === key)?.value;
    branch = slot;
  }
}

function withSlot<K, V>(branch: Branch<K, V>, bit: number, slot: Slot<K, V>): Branch<K, V> {
  const index = place(branch.bits, bit);
  const slots = branch.slots.slice();
  if ((branch.bits & bit) === 0) {
    slots.splice(index, 0, slot);
    return { bits: branch.bits | bit, slots, size: branch.size + sizeOf(slot) };
  }
  slots[index] = slot;
  return { bits: branch.bits, slots, size: branch.size - sizeOf(branch.slots[index]) + sizeOf(slot) };
}

function withoutSlot<K, V>(branch: Branch<K, V>, bit: number): Branch<K, V> {
  const index = place(branch.bits, bit);
  const slots = branch.slots.slice();
  slots.splice(index, 1);
  return { bits: branch.bits & ~bit, slots, size: branch.size - sizeOf(branch.slots[index]) };
}

function put<K extends Key, V>(
  branch: Branch<K, V>,
  leaf: Leaf<K, V>,
  hash: number,
  shift: number,
): Branch<K, V> {
  const bit = 1 << ((hash >>> shift) & 31);
  const slot = (branch.bits & bit) === 0 ? undefined : branch.slots[place(branch.bits, bit)];
  if (slot === undefined) return withSlot<K, V>(branch, bit, leaf);
  if (isLeaf(slot)) {
    if (slot.key === leaf.key) return withSlot<K, V>(branch, bit, leaf);
    if (shift + WIDTH > DEPTH_BITS) return withSlot<K, V>(branch, bit, [slot, leaf]);
    // Two hashes meet here: both go one level down.
    const deeper = put<K, V>(TRIE_EMPTY, slot, hashOf(slot.key), shift + WIDTH);
    return withSlot(branch, bit, put(deeper, leaf, hash, shift + WIDTH));
  }
  if (isBranch(slot)) return withSlot(branch, bit, put(slot, leaf, hash, shift + WIDTH));
  return withSlot<K, V>(branch, bit, [...slot.filter((one) => one.key !== leaf.key), leaf]);
}

/** Only of a key that is there. */
function drop<K extends Key, V>(branch: Branch<K, V>, key: K, hash: number, shift: number): Branch<K, V> {
  const bit = 1 << ((hash >>> shift) & 31);
  const slot = branch.slots[place(branch.bits, bit)] as Slot<K, V>;
  if (isLeaf(slot)) return withoutSlot(branch, bit);
  if (!isBranch(slot)) {
    const rest = slot.filter((one) => one.key !== key);
    const [only] = rest;
    return withSlot(branch, bit, rest.length === 1 && only !== undefined ? only : rest);
  }
  const rest = drop(slot, key, hash, shift + WIDTH);
  // A branch with one leaf is that leaf: equal contents have equal shapes.
  const only = rest.slots.length === 1 ? rest.slots[0] : undefined;
  return withSlot(branch, bit, only !== undefined && isLeaf(only) ? only : rest);
}

export function trieSet<V, K extends Key>(trie: Trie<V, K>, key: K, value: V): Trie<V, K> {
  return put(trie, { key, value }, hashOf(key), 0);
}

export function trieDelete<V, K extends Key>(trie: Trie<V, K>, key: K): Trie<V, K> {
  return trieGet(trie, key) === undefined ? trie : drop(trie, key, hashOf(key), 0);
}

/**
 * Every value as `change` answers it, in one walk; undefined: its key is gone. What it answers unchanged is
 * shared with the map before.
 */
export function trieMap<V, K extends Key>(trie: Trie<V, K>, change: (value: V) => V | undefined): Trie<V, K> {
  let { bits, size } = trie;
  let rest = trie.bits;
  /** From the first change on. */
  let slots: Slot<K, V>[] | undefined;
  for (let index = 0; index < trie.slots.length; index++) {
    const slot = trie.slots[index] as Slot<K, V>;
    const bit = rest & -rest;
    rest ^= bit;
    const next = mapSlot(slot, change);
    if (next !== slot) {
      slots ??= trie.slots.slice(0, index);
      size += sizeOf(next) - sizeOf(slot);
      if (next === undefined) bits &= ~bit;
    }
    if (next !== undefined) slots?.push(next);
  }
  return slots === undefined ? trie : { bits, slots, size };
}

function mapSlot<V, K extends Key>(
  slot: Slot<K, V>,
  change: (value: V) => V | undefined,
): Slot<K, V> | undefined {
  if (isLeaf(slot)) {
    const value = change(slot.value);
    if (value === slot.value) return slot;
    return value === undefined ? undefined : { key: slot.key, value };
  }
  if (isBranch(slot)) {
    const next = trieMap(slot, change);
    const only = next.slots[0];
    if (only === undefined) return undefined;
    return next.slots.length === 1 && isLeaf(only) ? only : next;
  }
  const next = slot.map((leaf) => mapSlot(leaf, change)).filter((leaf) => leaf !== undefined);
  if (next.length < 2) return next[0];
  const isSame = next.length === slot.length && next.every((leaf, index) => leaf === slot[index]);
  return isSame ? slot : (next as Leaf<K, V>[]);
}

function* walk<V, K>(branch: Branch<K, V>): Generator<readonly [K, V]> {
  for (const slot of branch.slots) {
    if (isLeaf(slot)) yield [slot.key, slot.value];
    else if (isBranch(slot)) yield* walk(slot);
    else for (const { key, value } of slot) yield [key, value];
  }
}

/** Every entry once, in the order of their hashes. */
export function trieEntries<V, K extends Key>(trie: Trie<V, K>): Iterable<readonly [K, V]> {
  return walk(trie);
}
