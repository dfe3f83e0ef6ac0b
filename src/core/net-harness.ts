/**
 * Some cores and the network between them, for tests that choose by hand who sees whom, which message
 * is lost, what a device answers, and when: situations that a simulator finds by chance, written down.
 * Virtual time; every run is the same. Nodes are named by keys: "3" is node 3, "3/second" a second
 * daemon on it.
 */
import type { ClusterConfig } from "./config.ts";
import { nextDeadline } from "./deadline.ts";
import type { Millis, NodeId, ProcessRef } from "./ids.ts";
import type { Input, Request } from "./inputs.ts";
import type { Body, Message } from "./messages.ts";
import { type AgentAnswer, type AgentRun, type BootOptions, NetNode, obedient } from "./regress/net-node.ts";
import { configOf } from "./testing.ts";

/** What votequorum says. */
export interface Votes {
  readonly quorate: boolean;
  readonly needed: number;
  /** One, unless it says otherwise. */
  readonly own?: number;
  readonly device?: number;
}

interface Sent {
  readonly key: string;
  readonly from: ProcessRef;
  readonly message: Message;
}

type Carried =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problem: string };

/** Messages and answers that may follow one another while no time passes. */
const EVENTS_MAX = 20_000;
/** Deadlines within one {@link Net.run}. */
const TICKS_MAX = 50_000;
const START_MS: Millis = 1_000;

export class Net {
  readonly config: ClusterConfig;
  /** Does this message reach that node? */
  reaches: (to: string, from: string, body: Body) => boolean = () => true;
  /** What an agent answers; undefined: it hangs. */
  agent: (run: AgentRun) => AgentAnswer | undefined = obedient;
  /** The way over the wire, for tests that care for bytes. */
  carry: (message: Message) => Carried = (message) => ({ ok: true, message });
  /** What a node finds when it looks at a staged configuration. */
  weigh: (key: string, digest: string) => readonly string[] | undefined = () => [];
  readonly hungDisks = new Set<string>();
  /** What is written in each text that anybody holds, by digest. */
  readonly texts = new Map<string, ClusterConfig>();
  private readonly nodes = new Map<string, NetNode>();
  private readonly sent: Sent[] = [];
  private at = START_MS;
  private serial = 0;

  constructor(config: ClusterConfig = configOf(3)) {
    this.config = config;
  }

  node(key: string): NetNode {
    const node = this.nodes.get(key);
    if (node === undefined) throw new Error(`the test has not booted node ${key}`);
    return node;
  }

  /** A new run of the daemon. Keeps the disk of the run before unless another one is given. */
  boot(key: string, options: BootOptions = {}): void {
    const run = options.run ?? `run-${++this.serial}`;
    const ref = { nodeId: Number.parseInt(key, 10), processId: run };
    const around = {
      now: () => ({ mono: this.at, wall: this.at }),
      send: (message: Message) => void this.sent.push({ key, from: ref, message }),
      runAgent: (agentRun: AgentRun) => this.agent(agentRun),
      isDiskHung: () => this.hungDisks.has(key),
      textOf: (digest: string) => this.texts.get(digest),
      weigh: (digest: string) => this.weigh(key, digest),
      make: (from: string, version: number) => this.make(from, version),
    };
    const disk = this.nodes.get(key)?.disk;
    const file = options.config ?? this.config;
    this.texts.set(file.digest, file);
    this.nodes.set(key, new NetNode(ref.nodeId, this.config, disk, { ...options, run }, around));
  }

  kill(key: string): void {
    this.node(key).kill();
  }

  feed(key: string, input: Input): void {
    this.node(key).feed(input);
  }

  ask(key: string, id: string, request: Request): void {
    this.feed(key, { type: "request", id, request });
  }

  /** These see one another and nobody else: each learns it, and then its votequorum's word. */
  view(keys: readonly string[], votes: Votes): void {
    const ringId = `r${++this.serial}`;
    const refs = new Map(keys.map((key) => [`${key}#${this.node(key).ref.processId}`, this.node(key).ref]));
    for (const key of keys) {
      const node = this.node(key);
      const joined = [...refs].filter(([one]) => !node.view.includes(one)).map(([, ref]) => ref);
      const left = node.view.filter((one) => !refs.has(one)).map(leaver);
      node.view = [...refs.keys()];
      node.feed({ type: "view", ringId, members: [...refs.values()], joined, left });
      this.votes(key, votes);
    }
  }

  /** Votequorum speaks, in the present ring. */
  votes(key: string, { quorate, needed, own = 1, device }: Votes): void {
    const ringId = this.node(key).state.ring?.id ?? "";
    const deviceVotes = device === undefined ? {} : { deviceVotes: device };
    this.feed(key, { type: "quorum", ringId, quorate, quorumVotes: needed, ownVotes: own, ...deviceVotes });
  }

  /** Puts a message into the order of the sender's ring, as if its core had sent it. */
  send(key: string, body: Body): void {
    const { ref, state } = this.node(key);
    this.sent.push({ key, from: ref, message: { ring: state.ring?.id ?? "", body } });
  }

  /** Delivers messages, then takes answers of disks and agents, until nothing is left. No time passes. */
  settle(): void {
    for (let count = 0; count < EVENTS_MAX; count++) {
      const next = this.sent.shift();
      if (next !== undefined) this.deliver(next);
      else if (![...this.nodes.values()].some((node) => node.answerOne())) return;
    }
    throw new Error(`no rest after ${EVENTS_MAX} events`);
  }

  /** Lets time pass from deadline to deadline. Units: ms. */
  run(ms: Millis): void {
    const end = this.at + ms;
    this.settle();
    for (let count = 0; count < TICKS_MAX; count++) {
      const heard = [...this.nodes.values()].filter((node) => node.isHeard);
      const next = Math.min(...heard.map((node) => nextDeadline(node.state) ?? Number.POSITIVE_INFINITY));
      if (next > end) {
        this.at = end;
        return;
      }
      this.at = Math.max(this.at + 1, next);
      for (const node of heard) node.feed({ type: "tick" });
      this.settle();
    }
    throw new Error(`no rest after ${TICKS_MAX} deadlines`);
  }

  /** Who holds an open gate: the keys, in the order of their boots. */
  get open(): readonly string[] {
    return [...this.nodes].filter(([, node]) => node.isGateOpen).map(([key]) => key);
  }

  /** The victims that this node knows of. */
  victims(key: string): readonly NodeId[] {
    return this.node(key).state.ledger.victims.map((victim) => victim.node);
  }

  private make(from: string, version: number): string | undefined {
    const old = this.texts.get(from);
    if (old === undefined) return undefined;
    const digest = `${from}+${version}`;
    this.texts.set(digest, { ...old, version, digest });
    return digest;
  }

  private deliver({ key, from, message }: Sent): void {
    const carried = this.carry(message);
    for (const [to, node] of this.nodes) {
      if (!node.isHeard || node.state.ring?.id !== message.ring) continue;
      if (!this.reaches(to, key, message.body)) continue;
      if (carried.ok) node.feed({ type: "deliver", from, message: carried.message });
      else node.feed({ type: "garbage", from, problem: carried.problem });
    }
  }
}

/** Nodes 1 to n, each with its own quorum vote, that have booted, met, settled and opened their gates. */
export function openNet(count: number, change: Partial<ClusterConfig> = {}): Net {
  const net = new Net(configOf(count, change));
  const keys = net.config.nodes.map((node) => String(node.id));
  for (const key of keys) net.boot(key);
  net.view(keys, majorityOf(count));
  net.run(10_000);
  return net;
}

export function majorityOf(count: number): Votes {
  return { quorate: true, needed: Math.floor(count / 2) + 1 };
}

export const NO_QUORUM: Votes = { quorate: false, needed: 2 };

function leaver(one: string): ProcessRef & { readonly reason: "node-down" } {
  const [key = "", processId = ""] = one.split("#");
  return { nodeId: Number.parseInt(key, 10), processId, reason: "node-down" };
}
