/**
 * A few cores around one ring, as a value: what was sent, what has its order, how far each node has
 * delivered, what disks, agents and votequorum still have to say. Every next thing that can happen is
 * a function from one model to another, so that a search can try them all.
 */
import { bootState } from "../../core/boot.ts";
import type { ClusterConfig } from "../../core/config.ts";
import { nextDeadline } from "../../core/deadline.ts";
import type { Effect } from "../../core/effects.ts";
import type { Millis, NodeId, ProcessRef } from "../../core/ids.ts";
import type { Input } from "../../core/inputs.ts";
import { EPOCH_NONE } from "../../core/ledger.ts";
import type { State } from "../../core/state.ts";
import { step } from "../../core/step.ts";
import { SIM_TRAITS } from "../devices.ts";

/** What has an order in the ring. The view is its first entry. */
type Entry = Input & { readonly type: "view" | "deliver" };

type AgentRun = Effect & { readonly type: "run-agent" };

export interface ModelNode {
  readonly core: State;
  /** Sent, and not yet ordered. */
  readonly outbox: readonly Entry[];
  /** Entries of the ring's order that were delivered here. */
  readonly delivered: number;
  /** What its surroundings will say, in whatever order; of one kind in theirs. */
  readonly pending: readonly (Input | AgentRun)[];
  readonly open: boolean;
}

export interface Model {
  readonly at: Millis;
  readonly ring: readonly NodeId[];
  readonly order: readonly Entry[];
  readonly nodes: ReadonlyMap<NodeId, ModelNode>;
  /** Machines that are off. */
  readonly off: ReadonlySet<NodeId>;
  /** Disks that have the epoch. Shape: `n/proposer` → nodes. */
  readonly durable: ReadonlyMap<string, ReadonlySet<NodeId>>;
  readonly rings: number;
}

/** One thing that can happen next. */
export interface NextStep {
  readonly name: string;
  readonly to: () => Model;
}

/** Throws when a promise is broken by what just happened at that node. */
export type Judge = (model: Model, node: NodeId, effect: Effect) => void;

export interface Rules {
  readonly config: ClusterConfig;
  readonly judge: Judge;
  /** Called when a machine is switched off, with the moment before. */
  readonly onOff?: (model: Model, node: NodeId) => void;
  /** Executors whose agents reach nothing. */
  readonly blind: readonly NodeId[];
  /** Nodes on which something uses the storage from the first epoch on, as on every working host. */
  readonly busy: readonly NodeId[];
  /** `lockstep`: what is ordered is delivered everywhere at once. */
  readonly delivery: "apart" | "lockstep";
}

const WALL: Millis = 1_700_000_000_000;

function refOf(node: NodeId): ProcessRef {
  return { nodeId: node, processId: "1" };
}

function withNode(model: Model, id: NodeId, change: Partial<ModelNode>): Model {
  const node = model.nodes.get(id);
  if (node === undefined) throw new Error(`there is no node ${id}`);
  return { ...model, nodes: new Map(model.nodes).set(id, { ...node, ...change }) };
}

function nodeOf(model: Model, id: NodeId): ModelNode {
  const node = model.nodes.get(id);
  if (node === undefined) throw new Error(`there is no node ${id}`);
  return node;
}

/** The run ends: only now the power changes, and what is read is what is true now. */
function endRun(rules: Rules, model: Model, executor: NodeId, { opId, node, action }: AgentRun): Model {
  const base = { type: "agent-exit", opId, tookMs: 1 } as const;
  if (rules.blind.includes(executor)) {
    return feed(rules, model, executor, { ...base, result: "failed", detail: "no route to host" });
  }
  const off = action === "off" ? new Set(model.off).add(node) : model.off;
  if (action === "off" && !model.off.has(node)) rules.onOff?.(model, node);
  const reads = action === "status" || action === "monitor";
  const power = off.has(node) ? ("off" as const) : ("on" as const);
  const answer = { ...base, result: "ok", detail: "done", ...(reads ? { power } : {}) } as const;
  return feed(rules, { ...model, off }, executor, answer);
}

/** Order: effects in array order; the judge sees each when it is performed. */
export function feed(rules: Rules, before: Model, id: NodeId, input: Input): Model {
  const now = { mono: before.at, wall: WALL + before.at };
  const next = step(nodeOf(before, id).core, input, now);
  let model = withNode(before, id, { core: next.state });
  for (const effect of next.effects) {
    model = perform(rules, model, id, effect);
    rules.judge(model, id, effect);
  }
  return model;
}

function perform(rules: Rules, model: Model, id: NodeId, effect: Effect): Model {
  const { outbox, pending } = nodeOf(model, id);
  switch (effect.type) {
    case "multicast":
      return withNode(model, id, {
        outbox: [...outbox, { type: "deliver", from: refOf(id), message: effect.message }],
      });
    case "persist": {
      const { n, proposer } = effect.epoch;
      return withNode(model, id, { pending: [...pending, { type: "persisted", n, proposer }] });
    }
    case "run-agent":
      return withNode(model, id, { pending: [...pending, effect] });
    case "thaw":
      return withNode(model, id, { open: true });
    case "freeze":
      return withNode(model, id, { open: false, pending: [...pending, guardOf(rules, model, id)] });
    case "exit":
      throw new Error(`node ${id} exits: ${effect.why}`);
    default:
      return model;
  }
}

function guardOf({ busy }: Rules, { rings }: Model, id: NodeId): Input {
  return { type: "guard", inUse: busy.includes(id) && rings > 1 ? ["a workload"] : [] };
}

/** A new ring of these nodes: whoever was in the old one and is not in it any more was lost. */
export function newRing(rules: Rules, model: Model, ring: readonly NodeId[]): Model {
  let next = model;
  for (const id of ring.filter((one) => !model.off.has(one))) {
    // Those who go on together deliver the same of the old ring, to its end.
    for (let at = nodeOf(next, id).delivered; at < next.order.length && model.ring.includes(id); at++) {
      next = withNode(next, id, { delivered: at + 1 });
      next = feed(rules, next, id, next.order[at] as Entry);
    }
  }
  const members = ring.map(refOf);
  const joined = ring.filter((id) => !model.ring.includes(id)).map(refOf);
  const left = model.ring
    .filter((id) => !ring.includes(id))
    .map((id) => ({ ...refOf(id), reason: "node-down" as const }));
  const ringId = `r${model.rings + 1}`;
  for (const id of ring) next = withNode(next, id, { delivered: 0 });
  return {
    ...next,
    ring,
    rings: model.rings + 1,
    order: [{ type: "view", ringId, members, joined, left }],
  };
}

/** Everything that can happen next while no time passes, each with a name. */
export function nextSteps(rules: Rules, model: Model): readonly NextStep[] {
  const steps: NextStep[] = [];
  const lockstep = rules.delivery === "lockstep";
  const alive = model.ring.filter((id) => !model.off.has(id));
  const behind = alive.filter((id) => nodeOf(model, id).delivered < model.order.length);
  for (const id of lockstep ? behind.slice(0, 1) : behind) {
    steps.push({ name: `${id} delivers`, to: () => deliver(rules, model, lockstep ? behind : [id]) });
  }
  if (lockstep && behind.length > 0) return steps;
  for (const id of alive) {
    const { outbox, pending } = nodeOf(model, id);
    const [first, ...rest] = outbox;
    if (first !== undefined) {
      const ordered = { ...withNode(model, id, { outbox: rest }), order: [...model.order, first] };
      steps.push({ name: `${id} sends`, to: () => ordered });
    }
    const seen = new Set<string>();
    pending.forEach((input, index) => {
      if (seen.has(input.type)) return; // Of one kind, in its order.
      seen.add(input.type);
      steps.push({ name: `${id} ${input.type}`, to: () => take(rules, model, id, index) });
    });
  }
  return steps;
}

function deliver(rules: Rules, model: Model, ids: readonly NodeId[]): Model {
  let next = model;
  for (const id of ids) {
    const { delivered } = nodeOf(next, id);
    const entry = next.order[delivered] as Entry;
    next = withNode(next, id, { delivered: delivered + 1 });
    next = feed(rules, next, id, entry);
    if (entry.type === "view")
      next = withNode(next, id, {
        pending: [...nodeOf(next, id).pending, quorumOf(rules, next, id, entry.ringId)],
      });
  }
  return next;
}

function quorumOf({ config }: Rules, { ring }: Model, self: NodeId, ringId: string): Input {
  const votesOf = (ids: readonly NodeId[]): number =>
    config.nodes.filter((node) => ids.includes(node.id)).reduce((sum, node) => sum + node.votes, 0);
  const quorumVotes = Math.floor(votesOf(config.nodes.map((node) => node.id)) / 2) + 1;
  return {
    type: "quorum",
    ringId,
    quorate: votesOf(ring) >= quorumVotes,
    quorumVotes,
    ownVotes: votesOf([self]),
  };
}

function take(rules: Rules, model: Model, id: NodeId, index: number): Model {
  const { pending } = nodeOf(model, id);
  const input = pending[index] as Input | AgentRun;
  let next = withNode(model, id, { pending: pending.filter((_, at) => at !== index) });
  if (input.type === "run-agent") return endRun(rules, next, id, input);
  if (input.type === "persisted") {
    const key = `${input.n}/${input.proposer}`;
    const disks = new Set(model.durable.get(key)).add(id);
    next = { ...next, durable: new Map(model.durable).set(key, disks) };
  }
  return feed(rules, next, id, input);
}

/**
 * Nothing can happen any more: time goes on. Whoever is off is given up by the others first; then comes
 * the next deadline. Absent: nobody waits for anything.
 */
export function passTime(rules: Rules, model: Model): Model | undefined {
  const alive = model.ring.filter((id) => !model.off.has(id));
  if (alive.length < model.ring.length) return newRing(rules, model, alive);
  const due = alive.map((id) => nextDeadline(nodeOf(model, id).core) ?? Number.POSITIVE_INFINITY);
  const at = Math.min(...due);
  if (!Number.isFinite(at)) return undefined;
  let next: Model = { ...model, at: Math.max(model.at + 1, at) };
  alive.forEach((id, index) => {
    if ((due[index] as Millis) <= next.at) next = feed(rules, next, id, { type: "tick" });
  });
  return next;
}

/** Every node has booted and is alone with itself: in no ring yet. */
export function bootModel(rules: Rules): Model {
  const ids = rules.config.nodes.map((node) => node.id);
  const now = { mono: 0, wall: WALL };
  let model: Model = {
    at: 0,
    ring: [],
    order: [],
    nodes: new Map(),
    off: new Set(),
    durable: new Map(),
    rings: 0,
  };
  for (const id of ids) {
    const boot = bootState(
      {
        ...refOf(id),
        incarnation: { boot: `boot-${id}`, start: "1" },
        durable: { epoch: EPOCH_NONE, incidents: [], configs: [] },
        file: { version: rules.config.version, digest: rules.config.digest },
        holds: [rules.config.digest],
        config: rules.config,
        traits: SIM_TRAITS,
        join: true,
      },
      now,
    );
    const node: ModelNode = { core: boot.state, outbox: [], delivered: 0, pending: [], open: false };
    model = { ...model, nodes: new Map(model.nodes).set(id, node) };
    model = feed(rules, model, id, { type: "guard", inUse: [] });
  }
  return newRing(rules, model, ids);
}

/** One of the many orders, chosen by `pick`, until everything is at rest. */
export function settle(
  rules: Rules,
  model: Model,
  pick: (steps: readonly NextStep[]) => NextStep | undefined = (steps) => steps[0],
): Model {
  let now = model;
  for (let count = 0; count < STEPS_MAX; count++) {
    const next = pick(nextSteps(rules, now))?.to() ?? passTime(rules, now);
    if (next === undefined) return now;
    now = next;
  }
  throw new Error(`no rest after ${STEPS_MAX} steps`);
}

/** A handful of nodes comes to rest long before. */
const STEPS_MAX = 2_000;
