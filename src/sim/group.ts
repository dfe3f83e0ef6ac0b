/**
 * The group engine of the simulated world: keeps what docs/protocol.md §1 promises and nothing
 * more. A ring is one component of the network; its messages have one order. When it breaks, those
 * who stay together deliver the same messages before their next view; the other side may not.
 */
import type { Millis, NodeId, ProcessRef, RingId } from "../core/ids.ts";
import { processKey } from "../core/ids.ts";
import type { Message } from "../core/messages.ts";
import type { Queue } from "./queue.ts";

export interface GroupProcess {
  readonly ref: ProcessRef;
  readonly onView: (view: {
    readonly ringId: RingId;
    readonly members: readonly ProcessRef[];
    readonly joined: readonly ProcessRef[];
    readonly left: readonly (ProcessRef & { readonly reason: "leave" | "node-down" | "process-down" })[];
  }) => void;
  readonly onMessage: (from: ProcessRef, message: Message) => void;
}

interface Joined {
  readonly process: GroupProcess;
  ring: Ring | undefined;
  /** Messages of the ring that were delivered here. */
  delivered: number;
}

interface Ring {
  readonly id: RingId;
  readonly members: readonly string[];
  readonly log: { readonly from: ProcessRef; readonly message: Message }[];
}

type Reason = "leave" | "node-down" | "process-down";

export interface GroupOptions {
  readonly queue: Queue;
  /** Can these two nodes hear one another now? */
  readonly connected: (a: NodeId, b: NodeId) => boolean;
  /** Silence until a node is given up. */
  readonly tokenMs: Millis;
  readonly latencyMs: Millis;
}

export interface Group {
  join(process: GroupProcess): void;
  leave(ref: ProcessRef): void;
  /** The process died; its node lives. */
  died(ref: ProcessRef): void;
  multicast(from: ProcessRef, message: Message): void;
  /** Links or power changed: losses are noticed after the token time, arrivals at once. */
  changed(): void;
  /** Nodes that share a ring with this one now. */
  ringOf(node: NodeId): readonly NodeId[];
}

export function createGroup(options: GroupOptions): Group {
  const { queue } = options;
  const joined = new Map<string, Joined>();
  const reasons = new Map<string, Reason>();
  let counter = 0;

  function components(): string[][] {
    const keys = [...joined.keys()].sort();
    const seen = new Set<string>();
    const result: string[][] = [];
    const nodeOf = (key: string): NodeId => (joined.get(key) as Joined).process.ref.nodeId;
    for (const key of keys) {
      if (seen.has(key)) continue;
      const component = keys.filter(
        (other) => !seen.has(other) && (other === key || options.connected(nodeOf(key), nodeOf(other))),
      );
      for (const member of component) seen.add(member);
      result.push(component);
    }
    return result;
  }

  /** Those who stay together from one old ring deliver what any of them has, before the next view. */
  function drain(component: readonly string[]): void {
    const rings = new Set(component.map((key) => joined.get(key)?.ring).filter((ring) => ring !== undefined));
    for (const ring of rings) {
      const stay = component.filter((key) => joined.get(key)?.ring === ring);
      const upTo = Math.max(...stay.map((key) => (joined.get(key) as Joined).delivered));
      for (const key of stay) {
        const member = joined.get(key);
        if (member !== undefined) deliverUpTo(member, ring, upTo);
      }
    }
  }

  function deliverUpTo(member: Joined, ring: Ring, upTo: number): void {
    while (member.ring === ring && member.delivered < upTo) {
      const entry = ring.log[member.delivered++] as Ring["log"][number];
      member.process.onMessage(entry.from, entry.message);
    }
  }

  function reform(): void {
    for (const component of components()) {
      const same = component.every((key) => {
        const ring = joined.get(key)?.ring;
        return (
          ring !== undefined &&
          ring.members.length === component.length &&
          component.every((k) => ring.members.includes(k))
        );
      });
      if (!same) newRing(component);
    }
    reasons.clear();
  }

  function newRing(component: readonly string[]): void {
    drain(component);
    const alive = component.filter((key) => joined.has(key));
    const ring: Ring = { id: `sim-${++counter}`, members: alive, log: [] };
    const refs = alive
      .map((key) => (joined.get(key) as Joined).process.ref)
      .sort((a, b) => a.nodeId - b.nodeId);
    const views = alive.map((key) => {
      const member = joined.get(key) as Joined;
      const old = member.ring;
      const together = new Set(old === undefined ? [key] : alive.filter((k) => joined.get(k)?.ring === old));
      const left = (old?.members ?? [])
        .filter((k) => !together.has(k))
        .map((k) => ({
          nodeId: Number(k.split("/")[0]),
          processId: k.split("/")[1] as string,
          reason: reasons.get(k) ?? ("node-down" as const),
        }));
      return {
        member,
        left,
        came: refs.filter(
          (ref) => !together.has(processKey(ref)) || (old === undefined && processKey(ref) === key),
        ),
      };
    });
    for (const { member } of views) {
      member.ring = ring;
      member.delivered = 0;
    }
    for (const { member, left, came } of views) {
      if (member.ring === ring) member.process.onView({ ringId: ring.id, members: refs, joined: came, left });
    }
  }

  function plan(delayMs: Millis): void {
    queue.at(queue.now() + delayMs, reform);
  }

  function gone(ref: ProcessRef, reason: Reason): void {
    const key = processKey(ref);
    if (!joined.delete(key)) return;
    reasons.set(key, reason);
    plan(options.latencyMs);
  }

  return {
    join(process) {
      joined.set(processKey(process.ref), { process, ring: undefined, delivered: 0 });
      plan(options.latencyMs);
    },
    leave: (ref) => gone(ref, "leave"),
    died: (ref) => gone(ref, "process-down"),
    multicast(from, message) {
      const member = joined.get(processKey(from));
      const ring = member?.ring;
      if (ring === undefined) return;
      ring.log.push({ from, message });
      const index = ring.log.length;
      queue.at(queue.now() + options.latencyMs, () => {
        // Whoever cannot hear the sender any more gets it only as far as the ring's end allows.
        for (const key of ring.members) {
          const one = joined.get(key);
          if (one?.ring !== ring || !options.connected(one.process.ref.nodeId, from.nodeId)) continue;
          deliverUpTo(one, ring, index);
        }
      });
    },
    changed() {
      for (const [key, member] of [...joined]) {
        const { nodeId } = member.process.ref;
        if (!options.connected(nodeId, nodeId)) {
          joined.delete(key);
          reasons.set(key, "node-down");
        }
      }
      plan(options.tokenMs);
    },
    ringOf(node) {
      const member = [...joined.values()].find((one) => one.process.ref.nodeId === node);
      return member?.ring?.members.map((key) => Number(key.split("/")[0])) ?? [];
    },
  };
}
