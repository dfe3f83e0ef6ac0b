/**
 * Who of those who ask may have it now: the rules of fairness. Computed by the ring's master alone
 * from what was delivered; everybody then applies its message. Source: Linux DLM, lock.c, and
 * "VAX/VMS Internals", on the order of the queues.
 */
import type { NodeId } from "../ids.ts";
import { compatible, type Mode } from "./modes.ts";
import { fits, grant, type Lock, type Resource, refuse, waitsForAnswer } from "./resource.ts";

export type Decision =
  | { readonly type: "grant"; readonly node: NodeId; readonly id: number; readonly mode: Mode }
  | {
      readonly type: "refuse";
      readonly node: NodeId;
      readonly id: number;
      readonly why: "busy" | "deadlock";
    };

/** Does what `holder` holds keep `other` from what it wants? */
function blocks(holder: Lock, other: Lock): boolean {
  return holder.mode !== undefined && other.wants !== undefined && !compatible(holder.mode, other.wants);
}

type WaitsFor = (waiter: Lock, other: Lock) => boolean;

/** Everybody who waits for `to`, directly or through others; `to` itself when it is in a circle. */
function waitersFor(all: readonly Lock[], to: Lock, waitsFor: WaitsFor): ReadonlySet<Lock> {
  const found = new Set<Lock>();
  const open = [to];
  for (let target = open.pop(); target !== undefined; target = open.pop()) {
    for (const lock of all) {
      if (lock === target || found.has(lock) || !waitsFor(lock, target)) continue;
      found.add(lock);
      open.push(lock);
    }
  }
  return found;
}

/**
 * A conversion that disturbed nobody when it came may pass others, and so may one for which all in
 * front of it wait themselves.
 */
function mayPass(converting: readonly Lock[], lock: Lock): boolean {
  if (lock.eager === true || lock === converting[0]) return true;
  const place = new Map(converting.map((one, index) => [one, index]));
  const at = (one: Lock): number => place.get(one) as number;
  const waiters = waitersFor(
    converting,
    lock,
    (waiter, other) => blocks(other, waiter) || (waiter.eager !== true && at(other) < at(waiter)),
  );
  return converting.slice(0, at(lock)).every((earlier) => waiters.has(earlier));
}

function nextConversion(resource: Resource, converting: readonly Lock[]): Lock | undefined {
  return converting.find(
    (lock) =>
      lock.wants !== undefined && fits(resource, lock.node, lock.id, lock.wants) && mayPass(converting, lock),
  );
}

/** The last in the queue among conversions that wait for one another in a circle. */
function victimOfCircle(converting: readonly Lock[]): Lock | undefined {
  if (converting.length < 2) return undefined;
  const held: WaitsFor = (waiter, other) => blocks(other, waiter);
  return [...converting].reverse().find((lock) => waitersFor(converting, lock, held).has(lock));
}

/**
 * Every decision that is due, in the order in which they must be applied.
 * `mayHold`: nodes without a part in the epoch are passed over; they wait on.
 */
export function decide(resource: Resource, mayHold: (node: NodeId) => boolean): readonly Decision[] {
  const decisions: Decision[] = [];
  let now = resource;
  const take = ({ node, id, wants }: Lock): void => {
    const mode = wants as Mode;
    decisions.push({ type: "grant", node, id, mode });
    now = grant(now, node, id, mode) as Resource;
  };
  const turnDown = ({ node, id }: Lock, why: "busy" | "deadlock"): void => {
    decisions.push({ type: "refuse", node, id, why });
    now = refuse(now, node, id) as Resource;
  };
  for (;;) {
    const converting = now.converting.filter((lock) => mayHold(lock.node));
    const conversion = nextConversion(now, converting);
    if (conversion !== undefined) {
      take(conversion);
      continue;
    }
    const inCircle = victimOfCircle(converting);
    const hasty = converting.find((lock) => lock.noQueue === true && !waitsForAnswer(now, lock));
    if (hasty !== undefined) turnDown(hasty, "busy");
    else if (inCircle !== undefined) turnDown(inCircle, "deadlock");
    else if (!serveFirst(now, converting.length === 0, mayHold, take, turnDown)) return decisions;
  }
}

/** New requests come after all conversions, strictly in turn. Answers whether there was anything. */
function serveFirst(
  resource: Resource,
  free: boolean,
  mayHold: (node: NodeId) => boolean,
  take: (lock: Lock) => void,
  turnDown: (lock: Lock, why: "busy") => void,
): boolean {
  const waiting = resource.waiting.filter((lock) => mayHold(lock.node));
  const [first] = waiting;
  if (free && first?.wants !== undefined && fits(resource, first.node, first.id, first.wants)) {
    take(first);
    return true;
  }
  const hasty = waiting.find((lock) => lock.noQueue === true && !waitsForAnswer(resource, lock));
  if (hasty !== undefined) turnDown(hasty, "busy");
  return hasty !== undefined;
}
