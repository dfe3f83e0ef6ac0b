/** All resources of the domain, with a digest that every change keeps true at a constant cost. */
import type { NodeId } from "../ids.ts";
import { keepsWritersOut } from "./modes.ts";
import { holders, isIdle, keyOf, type Lock, type Resource } from "./resource.ts";
import {
  hashText,
  TRIE_EMPTY,
  type Trie,
  trieDelete,
  trieEntries,
  trieGet,
  trieMap,
  trieSet,
} from "./trie.ts";

/** A resource with its part of the two sums of {@link LockTable}. */
interface Entry {
  readonly resource: Resource;
  readonly first: number;
  readonly second: number;
}

export interface LockTable {
  readonly resources: Trie<Entry>;
  /** Locks in all resources, held or waited for. */
  readonly count: number;
  /** Of these, wishes that were not granted, conversions included. */
  readonly waiting: number;
  /** Two sums over the hashes of all resources: equal tables have equal sums. */
  readonly digest: readonly [number, number];
}

export const LOCKS_EMPTY: LockTable = { resources: TRIE_EMPTY, count: 0, waiting: 0, digest: [0, 0] };

/** Another start of the same hash: the two sums fail independently of one another. */
const SECOND_SEED = 0x2f0b4c47;

function lockText(lock: Lock): string {
  const flags = `${lock.noQueue === true ? "q" : ""}${lock.persistent === true ? "p" : ""}${lock.eager === true ? "e" : ""}${lock.firm === true ? "f" : ""}`;
  return `${lock.node} ${lock.id} ${lock.mode ?? ""} ${lock.wants ?? ""} ${flags} ${lock.since} ${lock.owner}`;
}

/** Everything of a resource that must be equal on all nodes, as one text. */
function resourceText(resource: Resource): string {
  const { granted, converting, waiting, value } = resource;
  const lists = [granted, converting, waiting].map((locks) => locks.map(lockText).join("\n")).join("\n\n");
  const said = value === undefined ? "" : `${value.valid ? "+" : "-"}${value.data}`;
  return `${keyOf(resource.lockspace, resource.name)}\n${said}\n${lists}`;
}

function countOf({ granted, converting, waiting }: Resource): number {
  return granted.length + converting.length + waiting.length;
}

function waitersOf({ converting, waiting }: Resource): number {
  return converting.length + waiting.length;
}

export function getResource(table: LockTable, key: string): Resource | undefined {
  return trieGet(table.resources, key)?.resource;
}

/** What is said of all resources together, while some of them change. */
type Sums = { -readonly [K in Exclude<keyof LockTable, "resources" | "digest">]: LockTable[K] } & {
  digest: [number, number];
};

function sumsOf({ count, waiting, digest: [first, second] }: LockTable): Sums {
  return { count, waiting, digest: [first, second] };
}

function entryOf(resource: Resource): Entry {
  const text = resourceText(resource);
  return { resource, first: hashText(text) | 0, second: hashText(text, SECOND_SEED) | 0 };
}

/** `sign`: 1 where it comes, -1 where it goes. */
function tally(sums: Sums, { resource, first, second }: Entry, sign: 1 | -1): void {
  sums.digest[0] = (sums.digest[0] + sign * first) | 0;
  sums.digest[1] = (sums.digest[1] + sign * second) | 0;
  sums.count += sign * countOf(resource);
  sums.waiting += sign * waitersOf(resource);
}

/** Puts the resource in its place; one that nobody holds or waits for is forgotten, value included. */
export function putResource(table: LockTable, resource: Resource): LockTable {
  const key = keyOf(resource.lockspace, resource.name);
  const before = trieGet(table.resources, key);
  if (before?.resource === resource) return table;
  const sums = sumsOf(table);
  if (before !== undefined) tally(sums, before, -1);
  if (isIdle(resource)) return { ...sums, resources: trieDelete(table.resources, key) };
  const entry = entryOf(resource);
  tally(sums, entry, 1);
  return { ...sums, resources: trieSet(table.resources, key, entry) };
}

/** Shape: a short text; equal on two nodes when their tables are. */
export function tableDigest({ digest: [first, second], count }: LockTable): string {
  return `${count}:${(first >>> 0).toString(16)}:${(second >>> 0).toString(16)}`;
}

/** How many locks the table of a digest has. */
export function countIn(digest: string): number {
  return Number(digest.slice(0, digest.indexOf(":")));
}

export function* allResources(table: LockTable): Generator<Resource> {
  for (const [, { resource }] of trieEntries(table.resources)) yield resource;
}

/**
 * Many changes in one walk: it is on the way from the last evidence to the thaw. `change` answers undefined
 * where nobody holds or waits any more.
 */
function mapAll(table: LockTable, change: (resource: Resource) => Resource | undefined): LockTable {
  const sums = sumsOf(table);
  const resources = trieMap(table.resources, (before) => {
    const changed = change(before.resource);
    if (changed === before.resource) return before;
    tally(sums, before, -1);
    if (changed === undefined) return undefined;
    const after = entryOf(changed);
    tally(sums, after, 1);
    return after;
  });
  return resources === table.resources ? table : { ...sums, resources };
}

type Test = (node: NodeId) => boolean;

/** Without what goes; undefined: nothing is left. */
function without(resource: Resource, goes: Test): Resource | undefined {
  const { granted, converting, waiting } = resource;
  const stays = (lock: Lock): boolean => !goes(lock.node);
  if (granted.every(stays) && converting.every(stays) && waiting.every(stays)) return resource;
  if (!granted.some(stays) && !converting.some(stays) && !waiting.some(stays)) return undefined;
  return {
    ...resource,
    granted: granted.filter(stays),
    converting: converting.filter(stays),
    waiting: waiting.filter(stays),
  };
}

function doubted(resource: Resource, stayed: Test): Resource {
  const { value } = resource;
  if (value?.valid !== true) return resource;
  const sure = holders(resource).some((lock) => stayed(lock.node) && keepsWritersOut(lock.mode ?? "NL"));
  return sure ? resource : { ...resource, value: { ...value, valid: false } };
}

/** Everything that these nodes hold or wait for is gone. */
export function withoutNodes(table: LockTable, nodes: ReadonlySet<NodeId>): LockTable {
  return mapAll(table, (resource) => without(resource, (node) => nodes.has(node)));
}

/**
 * Somebody was lost, or comes back from another side: what it wrote last may have been heard by
 * nobody. A value is still true where a node that stayed kept all writers out.
 */
export function doubtValues(table: LockTable, stayed: Test): LockTable {
  return mapAll(table, (resource) => doubted(resource, stayed));
}

/** Both for one node that is gone for good, in one walk. */
export function loseNode(table: LockTable, lost: NodeId, stayed: Test): LockTable {
  const goes: Test = (node) => node === lost;
  return mapAll(table, (resource) => without(doubted(resource, stayed), goes));
}

export function locksOf(table: LockTable, node: NodeId): readonly { resource: Resource; lock: Lock }[] {
  const found: { resource: Resource; lock: Lock }[] = [];
  for (const resource of allResources(table)) {
    for (const lock of [...holders(resource), ...resource.waiting]) {
      if (lock.node === node) found.push({ resource, lock });
    }
  }
  return found;
}
