/** The few verbs with which every part of the core writes down what it decided. */
import { nodeNameOf } from "./config.ts";
import type { Effect } from "./effects.ts";
import { type NodeId, type ProcessRef, processKey, sameIncarnation } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import type { Body } from "./messages.ts";
import type { MasterWatch, Ring, State, Turn } from "./state.ts";

export function update(turn: Turn, change: Partial<State>): void {
  turn.state = { ...turn.state, ...change };
}

export function updateLedger(turn: Turn, change: Partial<Ledger>): void {
  update(turn, { ledger: { ...turn.state.ledger, ...change } });
}

/** Changes the present ring; a no-op when there is none. */
export function updateRing(turn: Turn, change: Partial<Ring>): void {
  const ring = turn.state.ring;
  if (ring !== undefined) update(turn, { ring: { ...ring, ...change } });
}

export function updateWatch(turn: Turn, change: Partial<MasterWatch>): void {
  update(turn, { watch: { ...turn.state.watch, ...change } });
}

export function emit(turn: Turn, effect: Effect): void {
  turn.effects.push(effect);
}

/** Multicasts in the present ring. Without a ring there is nobody to hear it: nothing is sent. */
export function multicast(turn: Turn, body: Body): void {
  const { ring, protocol: own } = turn.state;
  if (ring === undefined) return;
  const protocol = ring.protocol === own.min ? {} : { protocol: ring.protocol };
  emit(turn, { type: "multicast", message: { ring: ring.id, ...protocol, body } });
}

type Level = "error" | "warn" | "info" | "debug";

export function log(turn: Turn, level: Level, code: string, text: string, node?: NodeId): void {
  emit(turn, { type: "log", level, code, text, ...(node === undefined ? {} : { node }) });
}

export function name(state: State, node: NodeId): string {
  return nodeNameOf(state.config, node);
}

export function names(state: State, nodes: readonly NodeId[]): string {
  return nodes.map((node) => name(state, node)).join(", ");
}

export function selfKey(state: State): string {
  return processKey({ nodeId: state.nodeId, processId: state.processId });
}

export function isMaster(state: State): boolean {
  return state.ring?.phase === "synced" && state.ring.master === selfKey(state);
}

/** The node part of a process key. */
export function nodeOfKey(key: string): NodeId {
  return Number(key.slice(0, key.indexOf("/")));
}

/** Processes of the view that take part: the silent are left out. */
export function speakers(ring: Ring): readonly ProcessRef[] {
  return ring.members.filter((member) => !ring.muted.includes(processKey(member)));
}

/** Is a speaking daemon of this node in the present view? */
export function isPresent(state: State, node: NodeId): boolean {
  const ring = state.ring;
  if (ring === undefined) return false;
  return speakers(ring).some((p) => p.nodeId === node && ring.hellos.has(processKey(p)));
}

export function sortedBy<T extends { readonly node: NodeId }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => a.node - b.node);
}

/** Replaces the item of the same node, or adds it; keeps the order by node id. */
export function withNode<T extends { readonly node: NodeId }>(items: readonly T[], item: T): readonly T[] {
  return sortedBy([...items.filter((other) => other.node !== item.node), item]);
}

export function withoutNode<T extends { readonly node: NodeId }>(
  items: readonly T[],
  node: NodeId,
): readonly T[] {
  return items.filter((item) => item.node !== node);
}

export function byNode<T extends { readonly node: NodeId }>(
  items: readonly T[],
  node: NodeId,
): T | undefined {
  return items.find((item) => item.node === node);
}

/** Is this very run a member of the fence domain? */
export function isMember({ ledger, nodeId, incarnation }: State): boolean {
  return sameIncarnation(byNode(ledger.members, nodeId), incarnation);
}

/** Is what is a member now in the epoch, too? Only then its node may hold anything. */
export function isInEpoch({ epoch, members }: Ledger, node: NodeId): boolean {
  return sameIncarnation(byNode(epoch.members, node), byNode(members, node));
}

export function withEntry<V>(map: ReadonlyMap<NodeId, V>, node: NodeId, value: V): ReadonlyMap<NodeId, V> {
  return new Map(map).set(node, value);
}

export function withoutEntry<V>(map: ReadonlyMap<NodeId, V>, node: NodeId): ReadonlyMap<NodeId, V> {
  if (!map.has(node)) return map;
  const copy = new Map(map);
  copy.delete(node);
  return copy;
}

/** Forgets what was said about a node's earlier attempts: a victim may stay stuck for days. */
export function forgetSentAbout(turn: Turn, node: NodeId): void {
  const old = [`start ${node} `, `state ${node} `];
  const sent = [...turn.state.watch.sent].filter((key) => !old.some((prefix) => key.startsWith(prefix)));
  updateWatch(turn, { sent: new Set(sent) });
}

/** True once per ring and key: a decision is sent once, and again only in another ring. */
export function firstTime(turn: Turn, key: string): boolean {
  const { sent } = turn.state.watch;
  if (sent.has(key)) return false;
  updateWatch(turn, { sent: new Set(sent).add(key) });
  return true;
}

/** What was said once in this ring may be said again: it was answered, or is void. */
export function forgetSent(turn: Turn, key: string): void {
  if (!turn.state.watch.sent.has(key)) return;
  const sent = new Set(turn.state.watch.sent);
  sent.delete(key);
  updateWatch(turn, { sent });
}
