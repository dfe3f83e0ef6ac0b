/**
 * The group engine of the simulated world: rings of nodes that carry a closed process group. Keeps
 * what docs/protocol.md §1 promises and nothing more; what it does with messages at the end of a
 * ring is in recovery.ts. Modelled on Corosync: processes come and go inside a ring, in its order.
 */
import type { Millis, NodeId, ProcessRef, RingId } from "../core/ids.ts";
import { processKey } from "../core/ids.ts";
import type { Message } from "../core/messages.ts";
import type { Hostility } from "./hostility.ts";
import type { Queue } from "./queue.ts";
import type { Random } from "./random.ts";
import { cliques, recover } from "./recovery.ts";
import type { EngineNode, Entry, GroupProcess, Ring, SimView } from "./ring.ts";

export interface GroupOptions {
  readonly queue: Queue;
  readonly random: Random;
  readonly hostility: Hostility;
  /** Can the first be heard by the second now? */
  readonly hears: (from: NodeId, to: NodeId) => boolean;
  /** What a packet takes on this link beyond the usual. */
  readonly lag: (from: NodeId, to: NodeId) => Millis;
  /** Powered and not stopped. */
  readonly runs: (node: NodeId) => boolean;
  /** Silence until a node is given up. */
  readonly tokenMs: Millis;
  readonly latencyMs: Millis;
}

export interface Group {
  /** The node's engine starts. */
  start(node: NodeId): void;
  /** The engine is gone, with everything it had not sent. */
  stop(node: NodeId): void;
  join(process: GroupProcess): void;
  leave(ref: ProcessRef): void;
  /** The process died; its node lives. */
  died(ref: ProcessRef): void;
  multicast(from: ProcessRef, message: Message): void;
  /** Links changed, or a machine stopped or went on. */
  changed(): void;
  /** Nodes that share a ring with this one now. */
  ringOf(node: NodeId): readonly NodeId[];
  /** The last view of the node's process, for what is repeated outside the order. */
  viewOf(node: NodeId): RingId | undefined;
  /** Nothing that anybody in its ring has sent is still on its way. */
  isQuiet(node: NodeId): boolean;
}

export function createGroup(options: GroupOptions): Group {
  const { queue, random, hostility, tokenMs, latencyMs, runs } = options;
  const engines = new Map<NodeId, EngineNode>();
  const lastView = new Map<NodeId, RingId>();
  let counter = 0;
  const hearBoth = (a: NodeId, b: NodeId): boolean => options.hears(a, b) && options.hears(b, a);

  function show(engine: EngineNode, change: Pick<SimView, "joined" | "left">, inRing: boolean): void {
    const { process, ring } = engine;
    if (process === undefined || ring === undefined || !engine.group.has(processKey(process.ref))) return;
    const members = [...engine.group.values()].sort(
      (a, b) => a.nodeId - b.nodeId || (a.processId < b.processId ? -1 : 1),
    );
    const first = change.joined.some((ref) => processKey(ref) === processKey(process.ref));
    const gone = inRing && change.left.length > 0 ? `-${change.left.map(processKey).join(",")}` : "";
    const ringId = `${ring.id}/${members.map(processKey).join(",")}${gone}`;
    lastView.set(engine.id, ringId);
    process.onView({
      ringId,
      members,
      joined: first ? members : change.joined,
      left: first ? [] : change.left,
    });
  }

  function deliver(engine: EngineNode, entry: Entry): void {
    const { group, process } = engine;
    if (entry.type === "announce") {
      const joined = entry.refs.filter((ref) => !group.has(processKey(ref)));
      for (const ref of joined) group.set(processKey(ref), ref);
      if (joined.length > 0) show(engine, { joined, left: [] }, true);
      return;
    }
    const key = processKey(entry.ref);
    if (entry.type === "message") {
      if (process !== undefined && group.has(processKey(process.ref)) && group.has(key)) {
        process.onMessage(entry.ref, entry.message);
      }
    } else if (entry.type === "join") {
      if (group.has(key)) return;
      group.set(key, entry.ref);
      show(engine, { joined: [entry.ref], left: [] }, true);
    } else if (group.delete(key)) {
      const reason = entry.type === "leave" ? ("leave" as const) : ("process-down" as const);
      show(engine, { joined: [], left: [{ ...entry.ref, reason }] }, true);
    }
  }

  function deliverUpTo(engine: EngineNode, ring: Ring, upTo: number): void {
    while (engine.ring === ring && engine.delivered < upTo && !engine.gap && runs(engine.id)) {
      const entry = ring.log[engine.delivered] as Entry;
      if (!options.hears(entry.node, engine.id) && random.chance(0.5)) {
        engine.gap = true;
        return;
      }
      engine.delivered++;
      deliver(engine, entry);
    }
  }

  /** The ring's end, for those of it who go on together: all of them deliver the same, then no more. */
  function drain(together: readonly EngineNode[], ring: Ring): void {
    ring.stalled = true; // Whatever is sent from now on waits for the next ring.
    const rest = recover(ring, together, hostility.hole, random);
    for (const engine of together) {
      const upTo = Math.max(...together.map((one) => one.delivered));
      while (engine.delivered < upTo) deliver(engine, ring.log[engine.delivered++] as Entry);
    }
    for (const entry of rest) for (const engine of together) deliver(engine, entry);
    for (const engine of together) engine.delivered = ring.log.length;
  }

  function wake(engine: EngineNode, ring: Ring, index: number, linkMs: Millis): void {
    const lag = linkMs + (hostility.jitterMs === 0 ? 0 : random.int(0, hostility.jitterMs));
    queue.at(queue.now() + latencyMs + lag, () => deliverUpTo(engine, ring, index));
  }

  /** Gives an order to what waits in the node's outbox. */
  function flush(engine: EngineNode): void {
    engine.flushing = false;
    const { ring } = engine;
    if (ring === undefined || !runs(engine.id) || engines.get(engine.id) !== engine) return;
    if (ring.stalled) return;
    for (const entry of engine.outbox.splice(0)) ring.log.push(entry);
    const index = ring.log.length;
    const lags = ring.nodes.map((node) => options.lag(engine.id, node));
    if (hostility.jitterMs > 0 || lags.some((lag) => lag > 0)) {
      ring.nodes.forEach((node, place) => {
        const other = engines.get(node);
        if (other?.ring === ring) wake(other, ring, index, lags[place] as number);
      });
      return;
    }
    queue.at(queue.now() + latencyMs, () => {
      for (const node of ring.nodes) {
        const other = engines.get(node);
        if (other?.ring === ring) deliverUpTo(other, ring, index);
      }
    });
  }

  function send(entry: Entry): void {
    const engine = engines.get(entry.node);
    if (engine === undefined) return;
    engine.outbox.push(entry);
    if (engine.flushing) return;
    engine.flushing = true;
    const refused = hostility.refuse > 0 && random.chance(hostility.refuse) ? random.int(10, 4_000) : 0;
    const token = hostility.tokenWaitMs === 0 ? 0 : random.int(0, hostility.tokenWaitMs);
    if (refused + token === 0) flush(engine);
    else queue.at(queue.now() + refused + token, () => flush(engine));
  }

  function reform(): void {
    const alive = [...engines.values()].filter((engine) => runs(engine.id)).map((engine) => engine.id);
    const order = hostility.splinter > 0 ? random.shuffle(alive) : alive.sort((a, b) => a - b);
    let again = false;
    for (const clique of cliques(order, hearBoth)) {
      const ring = engines.get(clique[0] as NodeId)?.ring;
      const same = ring !== undefined && ring.nodes.length === clique.length;
      if (same && clique.every((node) => engines.get(node)?.ring === ring)) {
        goOn(ring);
        continue;
      }
      if (clique.length > 1 && random.chance(hostility.splinter)) {
        const part = random.int(1, clique.length - 1);
        newRing(clique.slice(0, part));
        newRing(clique.slice(part));
        again = true;
      } else newRing(clique);
    }
    if (again) plan(random.int(10, 1_500));
  }

  /** The silence was shorter than the token's patience. */
  function goOn(ring: Ring): void {
    ring.stalled = false;
    for (const node of ring.nodes) {
      const engine = engines.get(node) as EngineNode;
      engine.gap = false;
      wake(engine, ring, ring.log.length, 0);
      flush(engine);
    }
  }

  function newRing(ids: readonly NodeId[]): void {
    const nodes = [...ids].sort((a, b) => a - b);
    const members = nodes.map((id) => engines.get(id) as EngineNode);
    const before = new Map(members.map((engine) => [engine.id, engine.ring]));
    const old = new Set(members.map((engine) => engine.ring).filter((ring) => ring !== undefined));
    for (const ring of old) {
      drain(
        members.filter((engine) => engine.ring === ring),
        ring,
      );
    }
    const ring: Ring = { id: `sim-${++counter}`, nodes, log: [], stalled: false };
    const own = new Map(
      members.map((e) => [e.id, [...e.group.values()].filter((ref) => ref.nodeId === e.id)]),
    );
    const slow = random.chance(hostility.oneByOne);
    const changes = members.map((engine) => {
      const from = before.get(engine.id);
      const came = nodes.filter((id) => id !== engine.id && (from === undefined || before.get(id) !== from));
      const apart = (id: NodeId): boolean => came.includes(id) || !nodes.includes(id);
      const left = [...engine.group.values()]
        .filter((ref) => apart(ref.nodeId))
        .map((ref) => ({ ...ref, reason: "node-down" as const }));
      for (const ref of left) engine.group.delete(processKey(ref));
      const joined = slow ? [] : came.flatMap((id) => own.get(id) ?? []);
      for (const ref of joined) engine.group.set(processKey(ref), ref);
      return { engine, joined, left };
    });
    for (const engine of members) {
      engine.ring = ring;
      engine.delivered = 0;
      engine.gap = false;
    }
    if (slow) {
      for (const id of random.shuffle(nodes)) {
        ring.log.push({ type: "announce", node: id, refs: own.get(id) ?? [] });
      }
    }
    for (const { engine, joined, left } of changes) {
      if (engine.ring === ring) show(engine, { joined, left }, false);
    }
    for (const engine of members) {
      if (engine.ring !== ring) continue;
      if (slow) wake(engine, ring, nodes.length, 0);
      flush(engine);
    }
  }

  function plan(delayMs: Millis): void {
    queue.at(queue.now() + delayMs, reform);
  }

  /** A ring that lost the sight of a member orders a little more, or nothing at all. */
  function stall(): void {
    for (const ring of new Set([...engines.values()].map((engine) => engine.ring))) {
      if (ring === undefined || ring.stalled) continue;
      const whole = ring.nodes.every(
        (a) => engines.get(a)?.ring === ring && runs(a) && ring.nodes.every((b) => hearBoth(a, b)),
      );
      if (whole) continue;
      if (hostility.hole === 0 || random.chance(0.5)) ring.stalled = true;
      else {
        queue.at(queue.now() + random.int(1, 20), () => {
          ring.stalled = true;
        });
      }
    }
  }

  function changed(): void {
    stall();
    const factor = hostility.spread === 0 ? 1 : 1 + hostility.spread * (random.next() - 0.5);
    plan(tokenMs * factor);
  }

  function isQuiet(ring: Ring): boolean {
    return ring.nodes.every((id) => {
      const engine = engines.get(id);
      const isUpToDate = engine?.ring === ring && engine.delivered === ring.log.length && !engine.gap;
      return isUpToDate && engine.outbox.length === 0;
    });
  }

  return {
    start(node) {
      if (engines.has(node)) return;
      engines.set(node, {
        id: node,
        ring: undefined,
        delivered: 0,
        gap: false,
        outbox: [],
        flushing: false,
        group: new Map(),
        process: undefined,
      });
      plan(latencyMs);
    },
    stop(node) {
      if (!engines.delete(node)) return;
      lastView.delete(node);
      changed();
    },
    join(process) {
      const engine = engines.get(process.ref.nodeId);
      if (engine === undefined) return;
      engine.process = process;
      send({ type: "join", node: engine.id, ref: process.ref });
    },
    leave: (ref) => send({ type: "leave", node: ref.nodeId, ref }),
    died(ref) {
      const engine = engines.get(ref.nodeId);
      if (engine?.process === undefined || processKey(engine.process.ref) !== processKey(ref)) return;
      engine.process = undefined;
      lastView.delete(ref.nodeId);
      send({ type: "down", node: ref.nodeId, ref });
    },
    multicast: (from, message) => send({ type: "message", node: from.nodeId, ref: from, message }),
    changed,
    ringOf: (node) => engines.get(node)?.ring?.nodes ?? [],
    viewOf: (node) => lastView.get(node),
    isQuiet(node) {
      const ring = engines.get(node)?.ring;
      return ring !== undefined && !ring.stalled && isQuiet(ring);
    },
  };
}
