/**
 * An immutable map whose copy with one change costs a few small arrays, however large it is: the
 * state of the core is immutable, and the lock table may hold 100,000 entries.
 *
 * Shape: a hash trie of plain arrays, 32 ways per level, order of iteration by hash: not the order of
 * insertion, and the same for equal contents.
 * Source: P. Bagwell, Ideal Hash Trees.
 */

interface Leaf<V> {
  readonly key: string;
  readonly value: V;
}

/** `slots` has one place per set bit of `bits`; leaves whose whole hash is equal share one list. */
interface Branch<V> {
  readonly bits: number;
  readonly slots: readonly (Branch<V> | readonly Leaf<V>[])[];
}

export interface Trie<V> {
  readonly size: number;
  readonly root: Branch<V>;
}

const WIDTH = 5;
const DEPTH_BITS = 30;
const EMPTY_BRANCH: Branch<never> = { bits: 0, slots: [] };

export const TRIE_EMPTY: Trie<never> = { size: 0, root: EMPTY_BRANCH };

/** Source: FNV-1a, and MurmurHash3's finalizer, for the low bits decide first. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function countBits(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function place(bits: number, bit: number): number {
  return countBits(bits & (bit - 1));
}

function isLeaves<V>(slot: Branch<V> | readonly Leaf<V>[]): slot is readonly Leaf<V>[] {
  return Array.isArray(slot);
}

export function trieGet<V>(trie: Trie<V>, key: string): V | undefined {
  const hash = hashText(key);
  let branch = trie.root;
  for (let shift = 0; ; shift += WIDTH) {
    const bit = 1 << ((hash >>> shift) & 31);
    if ((branch.bits & bit) === 0) return undefined;
    const slot = branch.slots[place(branch.bits, bit)] as Branch<V> | readonly Leaf<V>[];
    if (isLeaves(slot)) return slot.find((leaf) => leaf.key === key)?.value;
    branch = slot;
  }
}

function withSlot<V>(
  branch: Branch<V>,
  bit: number,
  slot: Branch<V> | readonly Leaf<V>[] | undefined,
): Branch<V> {
  const index = place(branch.bits, bit);
  const had = (branch.bits & bit) !== 0;
  const slots = [...branch.slots];
  if (slot === undefined) {
    if (had) slots.splice(index, 1);
    return { bits: branch.bits & ~bit, slots };
  }
  slots.splice(index, had ? 1 : 0, slot);
  return { bits: branch.bits | bit, slots };
}

function put<V>(branch: Branch<V>, leaf: Leaf<V>, hash: number, shift: number): Branch<V> {
  const bit = 1 << ((hash >>> shift) & 31);
  const slot = (branch.bits & bit) === 0 ? undefined : branch.slots[place(branch.bits, bit)];
  if (slot === undefined) return withSlot(branch, bit, [leaf]);
  if (!isLeaves(slot)) return withSlot(branch, bit, put(slot, leaf, hash, shift + WIDTH));
  const others = slot.filter((one) => one.key !== leaf.key);
  if (others.length === 0 || shift + WIDTH > DEPTH_BITS) return withSlot(branch, bit, [...others, leaf]);
  // Two hashes meet here: both go one level down.
  let deeper: Branch<V> = EMPTY_BRANCH;
  for (const one of others) deeper = put(deeper, one, hashText(one.key), shift + WIDTH);
  return withSlot(branch, bit, put(deeper, leaf, hash, shift + WIDTH));
}

function drop<V>(branch: Branch<V>, key: string, hash: number, shift: number): Branch<V> {
  const bit = 1 << ((hash >>> shift) & 31);
  const slot = branch.slots[place(branch.bits, bit)] as Branch<V> | readonly Leaf<V>[];
  if (isLeaves(slot)) {
    const rest = slot.filter((one) => one.key !== key);
    return withSlot(branch, bit, rest.length === 0 ? undefined : rest);
  }
  const rest = drop(slot, key, hash, shift + WIDTH);
  // A branch with one list of leaves is that list: equal contents have equal shapes.
  const only = rest.slots.length === 1 ? rest.slots[0] : undefined;
  if (only !== undefined && isLeaves(only)) return withSlot(branch, bit, only);
  return withSlot(branch, bit, rest.slots.length === 0 ? undefined : rest);
}

export function trieSet<V>(trie: Trie<V>, key: string, value: V): Trie<V> {
  const size = trie.size + (trieGet(trie, key) === undefined ? 1 : 0);
  return { size, root: put(trie.root, { key, value }, hashText(key), 0) };
}

export function trieDelete<V>(trie: Trie<V>, key: string): Trie<V> {
  if (trieGet(trie, key) === undefined) return trie;
  return { size: trie.size - 1, root: drop(trie.root, key, hashText(key), 0) };
}

function* walk<V>(branch: Branch<V>): Generator<readonly [string, V]> {
  for (const slot of branch.slots) {
    if (isLeaves(slot)) for (const { key, value } of slot) yield [key, value];
    else yield* walk(slot);
  }
}

/** Every entry once, in the order of their hashes. */
export function trieEntries<V>(trie: Trie<V>): Iterable<readonly [string, V]> {
  return walk(trie.root);
}
