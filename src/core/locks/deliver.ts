/** What the table learns at the delivery of a message: the same on every node. */
import { type NodeId, type ProcessRef, processKey, sameIncarnation } from "../ids.ts";
import type { Body } from "../messages.ts";
import type { Turn } from "../state.ts";
import { byNode, isMaster, updateLedger } from "../turn.ts";
import { LOCKS_MAX, RESOURCE_LOCKS_MAX } from "./limits.ts";
import { dropOwn, giveUpKept, ownLock, putOwn, tell, updateLocks } from "./local.ts";
import { compatible, type Mode } from "./modes.ts";
import { chained } from "./own.ts";
import {
  addRequest,
  asksWhetherUsed,
  convert,
  emptyResource,
  findLock,
  grant,
  holders,
  keyOf,
  type Resource,
  refuse,
  release,
  sayInUse,
} from "./resource.ts";
import { getResource, type LockTable, putResource } from "./table.ts";
import type { LockEvent, LockOp, LockOwner, LockWord } from "./types.ts";

type Of<T extends Body["type"]> = Extract<Body, { type: T }>;

function resourceOf(table: LockTable, { lockspace, name }: { lockspace: string; name: string }): Resource {
  return getResource(table, keyOf(lockspace, name)) ?? emptyResource(lockspace, name);
}

/** Whoever was left behind has no say; whoever is no member may only give back. */
function standing(turn: Turn, from: ProcessRef): "member" | "guest" | "none" {
  const ring = turn.state.ring;
  const key = processKey(from);
  const role = ring?.roles.get(key);
  if (role === undefined || role === "stray" || role === "refused" || role === "unproven") return "none";
  const member = byNode(turn.state.ledger.members, from.nodeId);
  return sameIncarnation(member, ring?.hellos.get(key)?.incarnation) ? "member" : "guest";
}

function isFull(table: LockTable, { granted, converting, waiting }: Resource): boolean {
  const here = granted.length + converting.length + waiting.length;
  return table.count >= LOCKS_MAX || here >= RESOURCE_LOCKS_MAX;
}

/** Requests are written down, what is given back is free. Nothing is granted here. */
export function onLockOps(turn: Turn, from: ProcessRef, { ops, wall }: Of<"lock-ops">): void {
  const mine = from.nodeId === turn.state.nodeId;
  const rights = standing(turn, from);
  const touched: string[] = [];
  const events: LockEvent[] = [];
  let table = turn.state.ledger.locks;
  for (const op of rights === "none" ? [] : ops) {
    const before = resourceOf(table, op);
    if (op.type === "lock" && (rights === "guest" || isFull(table, before))) {
      if (mine && rights === "member") refused(turn, op.id, events, "limit");
      continue;
    }
    const after = applyOp(before, from.nodeId, op, wall);
    if (after === before) continue;
    table = putResource(table, after);
    touched.push(keyOf(op.lockspace, op.name));
    if (op.type === "lock" || op.type === "convert")
      disturb(turn, after, { node: from.nodeId, id: op.id }, events);
  }
  updateLedger(turn, { locks: table });
  if (mine && processKey(from) === processKey(turn.state)) {
    const { sentIn: _sent, ...rest } = turn.state.locks;
    turn.state = { ...turn.state, locks: rest };
    for (const op of ops) settleOp(turn, op, events);
  }
  touch(turn, touched);
  tell(turn, ...events);
}

function applyOp(resource: Resource, node: NodeId, op: LockOp, wall: number): Resource {
  if (op.type === "unlock") return release(resource, node, op.id, op.value);
  if (op.type === "convert") return convert(resource, node, op.id, op);
  if (op.type === "in-use") return sayInUse(resource, node, op.id);
  const { id, mode, owner, noQueue, persistent } = op;
  return addRequest(resource, {
    node,
    id,
    wants: mode,
    owner,
    since: wall,
    ...(noQueue === true ? { noQueue } : {}),
    ...(persistent === true ? { persistent } : {}),
  });
}

/** Our own locks that keep the newcomer of a queue waiting: what is only kept is given back. */
function disturb(turn: Turn, resource: Resource, newcomer: LockOwner, events: LockEvent[]): void {
  const waiter = findLock(resource, newcomer.node, newcomer.id);
  const wants = waiter?.wants;
  if (waiter === undefined || wants === undefined) return;
  for (const { node, id, mode } of holders(resource)) {
    if (node !== turn.state.nodeId || (node === newcomer.node && id === newcomer.id)) continue;
    if (compatible(mode ?? "NL", wants)) continue;
    const own = ownLock(turn, id);
    if (own?.kept === true) giveUpKept(turn, own);
    else {
      events.push({ type: "blocking", id, mode: wants });
      if (own !== undefined && waiter.noQueue === true) {
        updateLocks(turn, { outgoing: chained(turn.state.locks.outgoing, [id]) });
      }
    }
  }
}

/** Our own request came back: a lock that was given back is over. */
function settleOp(turn: Turn, op: LockOp, events: LockEvent[]): void {
  const lock = ownLock(turn, op.id);
  if (lock !== undefined && op.type === "convert" && op.value !== undefined && op.value === lock.value) {
    const { value: _written, ...rest } = lock;
    putOwn(turn, rest);
  }
  if (op.type !== "unlock" || lock?.goal !== "gone") return;
  dropOwn(turn, op.id);
  events.push({ type: "released", id: op.id });
}

function refused(turn: Turn, id: number, events: LockEvent[], why: "busy" | "deadlock" | "limit"): void {
  const lock = ownLock(turn, id);
  if (lock === undefined || lock.goal === "gone") return;
  if (lock.held === undefined) dropOwn(turn, id);
  else putOwn(turn, { ...lock, goal: lock.held });
  events.push({ type: "refused", id, why });
}

function touch(turn: Turn, keys: readonly string[]): void {
  if (keys.length === 0 || !isMaster(turn.state)) return;
  updateLocks(turn, { touched: chained(turn.state.locks.touched, keys) });
}

/** The only thing that gives anybody anything. Void while the domain is frozen or without a quorum. */
export function onLockGrants(turn: Turn, from: ProcessRef, { words }: Of<"lock-grants">): void {
  const { ring, ledger } = turn.state;
  if (ring?.master !== processKey(from)) return;
  if (isMaster(turn.state)) {
    const { decidedIn: _decided, ...rest } = turn.state.locks;
    turn.state = { ...turn.state, locks: rest };
    touch(turn, [...new Set(words.map((word) => keyOf(word.lockspace, word.name)))]);
  }
  if (!ledger.open || !ring.quorate) return;
  const events: LockEvent[] = [];
  const news: number[] = [];
  /** Whoever does not want to wait for what we were just given. */
  const asked: number[] = [];
  let table = ledger.locks;
  for (const word of words) {
    const after = applyWord(resourceOf(table, word), word);
    if (after === undefined) continue;
    const wanted = findLock(resourceOf(table, word), word.node, word.id)?.wants;
    table = putResource(table, after);
    if (word.node !== turn.state.nodeId) continue;
    const mine = findLock(after, word.node, word.id);
    if (mine !== undefined && asksWhetherUsed(after, mine)) asked.push(word.id);
    if (word.type === "grant") news.push(word.id);
    else if (ownLock(turn, word.id)?.goal === wanted) refused(turn, word.id, events, word.why);
  }
  updateLedger(turn, { locks: table });
  const { telling, outgoing } = turn.state.locks;
  updateLocks(turn, { telling: chained(telling, news), outgoing: chained(outgoing, asked) });
  tell(turn, ...events);
}

function applyWord(resource: Resource, word: LockWord): Resource | undefined {
  if (word.type === "refuse") return refuse(resource, word.node, word.id);
  const after = grant(resource, word.node, word.id, word.mode as Mode);
  return after === undefined || word.value === undefined ? after : { ...after, value: word.value };
}
