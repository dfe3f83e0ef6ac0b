/**
 * Locks through a view change: what a process holds it states again, and the base ledger is
 * corrected by it; what a lost node held goes in the very step that ends its incident.
 * Source: docs/locks.md.
 */
import { judgeProcess } from "../domain/roles.ts";
import { type NodeId, type ProcessRef, processKey } from "../ids.ts";
import type { Hello } from "../messages.ts";
import type { Role, Turn } from "../state.ts";
import { byNode, emit, log, multicast, name, nodeOfKey, updateLedger, updateRing } from "../turn.ts";
import { NODE_LOCKS_MAX, PART_CHARS_MAX } from "./limits.ts";
import { updateLocks } from "./local.ts";
import { claimsOf } from "./own.ts";
import { emptyResource, fits, keyOf, type Resource } from "./resource.ts";
import {
  allResources,
  countIn,
  doubtValues,
  getResource,
  LOCKS_EMPTY,
  type LockTable,
  loseNode,
  putResource,
  tableDigest,
  withoutNodes,
} from "./table.ts";
import type { LockClaim } from "./types.ts";

/** Splits into parts that fit into a message each. */
export function inParts<T>(items: Iterable<T>): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const chars = JSON.stringify(item).length + 1;
    if (size + chars > PART_CHARS_MAX) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(item);
    size += chars;
  }
  return parts;
}

/** Before the hello, which says how many they are. */
export function sendClaims(turn: Turn): void {
  const claims = claimsOf(turn.state.locks);
  for (const part of inParts(claims)) multicast(turn, { type: "lock-claims", claims: part });
}

/** Claims come before the hello of the same process; more than a node may hold are cut off. */
export function onLockClaims(turn: Turn, from: ProcessRef, claims: readonly LockClaim[]): void {
  const ring = turn.state.ring;
  const key = processKey(from);
  if (ring?.phase !== "hellos" || ring.hellos.has(key)) return;
  const known = ring.claims.get(key) ?? [];
  const all = [...known, ...claims].slice(0, NODE_LOCKS_MAX + 1);
  updateRing(turn, { claims: new Map(ring.claims).set(key, all) });
}

export function claimsComplete(turn: Turn, from: ProcessRef, hello: Hello): boolean {
  return (turn.state.ring?.claims.get(processKey(from))?.length ?? 0) === hello.claims;
}

/** Before the snapshot that completes the sync. */
export function sendTable(turn: Turn, table: LockTable): void {
  for (const resources of inParts(allResources(table))) multicast(turn, { type: "lock-table", resources });
}

export function onLockTable(turn: Turn, from: ProcessRef, resources: readonly Resource[]): void {
  const ring = turn.state.ring;
  if (ring?.phase !== "snapshot" || ring.authority[0] !== processKey(from)) return;
  updateRing(turn, { table: resources.reduce(putResource, ring.table) });
}

/**
 * The base's table as this process has it: its own, or what was sent. Exits when it is another one. Where
 * parts of it are missing the ring has ended: what is behind a hole counts for nothing, the next view is near.
 */
export function baseTable(turn: Turn, own: boolean, digest: string): LockTable | undefined {
  const table = own ? turn.state.ledger.locks : turn.state.ring?.table;
  if (table !== undefined && tableDigest(table) === digest) return table;
  if (!own && table !== undefined && table.count < countIn(digest)) {
    updateRing(turn, { behindHole: true });
    return undefined;
  }
  emit(turn, { type: "exit", code: 70, why: "I9: this daemon's lock table differs from the base's" });
  return undefined;
}

const RETURNS: readonly Role[] = ["reunited", "restarted"];

/** Whoever comes back with its locks, and what it claims. */
function returning(
  turn: Turn,
  keys: readonly string[],
  roleOf: (key: string) => Role | undefined,
): ReadonlyMap<NodeId, readonly LockClaim[]> {
  const claims = turn.state.ring?.claims;
  return new Map(
    keys
      .filter((key) => RETURNS.includes(roleOf(key) as Role))
      .map((key) => [nodeOfKey(key), claims?.get(key) ?? []]),
  );
}

function corrected(
  table: LockTable,
  claims: ReadonlyMap<NodeId, readonly LockClaim[]>,
  wall: number,
  onConflict: (node: NodeId, claim: LockClaim) => void,
): LockTable {
  let next = withoutNodes(table, new Set(claims.keys()));
  for (const [node, held] of claims) {
    for (const claim of held) {
      const { lockspace, name: resourceName, mode, ...lock } = claim;
      const resource =
        getResource(next, keyOf(lockspace, resourceName)) ?? emptyResource(lockspace, resourceName);
      if (!fits(resource, node, lock.id, mode)) {
        onConflict(node, claim);
        continue;
      }
      const granted = [...resource.granted, { ...lock, node, mode, since: wall }];
      next = putResource(next, { ...resource, granted });
    }
  }
  return next;
}

/**
 * Nodes whose claims contradict what others hold. It cannot happen while every promise is kept; if
 * it does, the node is not let in with them.
 */
export function conflictingNodes(
  turn: Turn,
  keys: readonly string[],
  hellos: ReadonlyMap<string, Hello>,
): ReadonlySet<NodeId> {
  const conflicts = new Set<NodeId>();
  const { ledger } = turn.state;
  const role = (key: string): Role => judgeProcess(ledger, nodeOfKey(key), hellos.get(key) as Hello);
  corrected(ledger.locks, returning(turn, keys, role), 0, (node, { lockspace, name: what }) => {
    conflicts.add(node);
    const who = name(turn.state, node);
    log(
      turn,
      "error",
      "claim-conflict",
      `${who} claims ${lockspace}/${what}, which another node holds`,
      node,
    );
  });
  return conflicts;
}

/** The claims of those who came back take the place of whatever the base has of them. */
export function adoptLockClaims(turn: Turn, roles: ReadonlyMap<string, Role>, wall: number): void {
  const claims = returning(turn, [...roles.keys()], (key) => roles.get(key));
  if (claims.size === 0) return;
  const { locks, members } = turn.state.ledger;
  const stayed = (node: NodeId): boolean => byNode(members, node) !== undefined && !claims.has(node);
  const sure = doubtValues(locks, stayed);
  updateLedger(turn, { locks: corrected(sure, claims, wall, () => {}) });
}

/** The node is proven gone, or is here anew with nothing: what it held is free in this very step. */
export function dropLocksOf(turn: Turn, node: NodeId): void {
  const { locks, members } = turn.state.ledger;
  const stayed = (other: NodeId): boolean => other !== node && byNode(members, other) !== undefined;
  const next = loseNode(locks, node, stayed);
  if (next === locks) return;
  updateLedger(turn, { locks: next });
  const { scannedFor: _scanned, ...rest } = turn.state.locks;
  turn.state = { ...turn.state, locks: rest };
  const freed = locks.count - next.count;
  if (freed > 0)
    log(turn, "info", "locks-freed", `locks of ${name(turn.state, node)} that are free now: ${freed}`, node);
}

/** The ring is synced: what was needed for it is forgotten. */
export function forgetClaims(turn: Turn): void {
  updateRing(turn, { claims: new Map(), table: LOCKS_EMPTY });
  updateLocks(turn, { touched: undefined });
}
