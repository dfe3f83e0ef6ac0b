/** One daemon of a {@link Net}: its core, its disk, its guard, its agents, and what it answered. */
import { bootState } from "../boot.ts";
import type { AgentTraits, ClusterConfig } from "../config.ts";
import type { ConfigName } from "../configuration/stamp.ts";
import type { Effect, Reply } from "../effects.ts";
import type { Millis, NodeId, Now, ProcessRef } from "../ids.ts";
import type { AgentExit, Input } from "../inputs.ts";
import { type DurableState, EPOCH_NONE, type EpochRecord } from "../ledger.ts";
import type { Message } from "../messages.ts";
import type { State } from "../state.ts";
import { step } from "../step.ts";

export type AgentRun = Extract<Effect, { type: "run-agent" }>;
export type AgentAnswer = Omit<AgentExit, "type" | "opId">;

export interface BootOptions {
  /** Names the process; another one is another run of the daemon. */
  readonly run?: string;
  /** Names the boot of the machine; by default every run has its own. */
  readonly boot?: string;
  readonly disk?: EpochRecord;
  readonly config?: ClusterConfig;
  readonly traits?: readonly AgentTraits[];
  readonly join?: boolean;
  readonly inUse?: readonly string[];
}

/** What the test decides for the node from outside. */
export interface Surroundings {
  now(): Now;
  send(message: Message): void;
  /** Undefined: it hangs. */
  runAgent(run: AgentRun): AgentAnswer | undefined;
  /** A disk that hangs answers nothing and keeps nothing. */
  isDiskHung(): boolean;
  /** What was written in a text of that digest. */
  textOf(digest: string): ClusterConfig | undefined;
  /** What this node finds when it looks at a staged configuration; undefined: it does not answer. */
  weigh(digest: string): readonly string[] | undefined;
  /** The same text with another version, kept as what its digest names. */
  make(from: string, version: number): string | undefined;
}

const TOOK_MS: Millis = 1;

const TRAITS: readonly AgentTraits[] = [
  { agent: "fence_x", installed: true, actions: ["on", "off", "status"], defaultAction: "reboot" },
];

export class NetNode {
  readonly ref: ProcessRef;
  readonly replies = new Map<string, Reply>();
  /** Agent runs so far, as "node action". */
  readonly agentRuns: string[] = [];
  state: State;
  disk: DurableState;
  isGateOpen = false;
  /** Nothing that it sends is heard. */
  isMute = false;
  /** It is asked what is in use and does not answer. */
  isGuardHung = false;
  /** Keys of its view, each with its process. */
  view: readonly string[] = [];
  private isDead = false;
  private inUse: readonly string[];
  /** What disk, guard and agents answer, in order. */
  private readonly answers: Input[] = [];
  private readonly around: Surroundings;

  constructor(
    nodeId: NodeId,
    config: ClusterConfig,
    disk: DurableState | undefined,
    options: BootOptions & { readonly run: string },
    around: Surroundings,
  ) {
    this.ref = { nodeId, processId: options.run };
    this.around = around;
    this.inUse = options.inUse ?? [];
    const old = disk ?? { epoch: EPOCH_NONE, incidents: [], configs: [] };
    this.disk = options.disk === undefined ? old : { ...old, epoch: options.disk };
    const incarnation = {
      boot: options.boot ?? `boot-${nodeId}-${options.run}`,
      start: `start-${options.run}`,
    };
    const { traits = TRAITS, join = true } = options;
    const file = options.config ?? config;
    const durable = this.disk.epoch.config.digest;
    const holds = [file.digest, ...(durable === "" || durable === file.digest ? [] : [durable])];
    const boot = { ...this.ref, incarnation, durable: this.disk, traits, join, file: nameOf(file), holds };
    const first = bootState({ ...boot, config: around.textOf(durable) ?? file }, around.now());
    this.state = first.state;
    this.perform(first.effects);
    this.feed({ type: "guard", inUse: this.inUse });
  }

  /** Runs, and has a view. */
  get isHeard(): boolean {
    return !this.isDead && this.view.length > 0;
  }

  feed(input: Input): void {
    if (this.isDead) return;
    if (input.type === "guard") this.inUse = input.inUse;
    const next = step(this.state, input, this.around.now());
    this.state = next.state;
    this.perform(next.effects);
  }

  /** Feeds the next answer of its surroundings; false when there is none. */
  answerOne(): boolean {
    const answer = this.answers.shift();
    if (answer !== undefined) this.feed(answer);
    return answer !== undefined;
  }

  kill(): void {
    this.isDead = true;
    this.isGateOpen = false;
    this.view = [];
    this.answers.length = 0;
  }

  private read(digest: string): Input {
    const config = this.around.textOf(digest);
    return config === undefined
      ? { type: "config-read", digest, ok: false, problem: "it makes no sense" }
      : { type: "config-read", digest, ok: true, config, traits: TRAITS };
  }

  private perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.performOne(effect);
  }

  private performOne(effect: Effect): void {
    switch (effect.type) {
      case "multicast":
        if (!this.isMute) this.around.send(effect.message);
        break;
      case "persist": {
        if (this.around.isDiskHung()) break;
        const { epoch } = effect;
        this.disk = { ...this.disk, epoch };
        this.answers.push({ type: "persisted", n: epoch.n, proposer: epoch.proposer });
        break;
      }
      case "freeze":
        this.isGateOpen = false;
        if (!this.isGuardHung) this.answers.push({ type: "guard", inUse: this.inUse });
        break;
      case "thaw":
        this.isGateOpen = true;
        break;
      case "reply":
        this.replies.set(effect.id, effect.reply);
        break;
      case "run-agent": {
        this.agentRuns.push(`${effect.node} ${effect.action}`);
        const answer = this.around.runAgent(effect);
        if (answer !== undefined) this.answers.push({ type: "agent-exit", opId: effect.opId, ...answer });
        break;
      }
      case "journal":
        this.disk = { ...this.disk, incidents: [...this.disk.incidents, ...effect.incidents] };
        break;
      case "journal-adopt":
        this.disk = { ...this.disk, incidents: effect.incidents };
        break;
      case "journal-configs":
        this.disk = { ...this.disk, configs: effect.configs };
        break;
      case "read-config":
        this.answers.push(this.read(effect.digest));
        break;
      case "weigh-config": {
        const { digest } = effect;
        const problems = this.around.weigh(digest);
        if (problems === undefined) break;
        this.answers.push({ type: "config-weighed", digest, ok: problems.length === 0, problems });
        break;
      }
      case "make-config": {
        const { from, version } = effect;
        const digest = this.around.make(from, version);
        const made =
          digest === undefined
            ? { ok: false as const, problem: "it is away" }
            : { ok: true as const, digest };
        this.answers.push({ type: "config-made", from, version, ...made });
        break;
      }
      case "log":
        break;
      case "exit":
        if (this.isMute) return this.kill();
        throw new Error(`node ${this.ref.nodeId} ended itself: ${effect.why}`);
    }
  }
}

/** Every order is carried out, and every device reads off. */
export function obedient(run: AgentRun): AgentAnswer {
  const power = run.action === "status" ? { power: "off" as const } : {};
  return { result: "ok", ...power, detail: "done", tookMs: TOOK_MS };
}

export function silent(): AgentAnswer {
  return { result: "failed", detail: "no answer", tookMs: TOOK_MS };
}

function nameOf({ version, digest }: ClusterConfig): ConfigName {
  return { version, digest };
}
