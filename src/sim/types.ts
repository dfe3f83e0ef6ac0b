/** What the simulated world is made of. Times in virtual milliseconds. */
import type { AgentTraits, ClusterConfig } from "../core/config.ts";
import type { ConfigStamp } from "../core/configuration/stamp.ts";
import type { Incarnation, Millis, NodeId, Now } from "../core/ids.ts";
import type { Input } from "../core/inputs.ts";
import type { EpochRecord, Incident } from "../core/ledger.ts";
import type { Mode } from "../core/locks/modes.ts";
import type { LockClaim, LockEvent } from "../core/locks/types.ts";
import type { Message, ProtocolRange } from "../core/messages.ts";
import type { State } from "../core/state.ts";
import type { Group } from "./group.ts";
import type { Hostility } from "./hostility.ts";
import type { Queue } from "./queue.ts";
import type { Random } from "./random.ts";

export type DeviceFault =
  | { readonly type: "none" }
  | { readonly type: "fails" }
  /** Switches off and reads, but does not switch on again. */
  | { readonly type: "stays-off" }
  | { readonly type: "hangs" }
  /** Says "done" and does nothing; its readings are true. */
  | { readonly type: "lies" }
  /** Reads "off" whatever is true: no software can see through it. */
  | { readonly type: "misreads" }
  | { readonly type: "blind"; readonly to: readonly NodeId[] }
  /** Dead with its node's power: answers nothing while the node is off. */
  | { readonly type: "shares-power" }
  /** Takes this long; beyond the budget it still does what it was told, later. */
  | { readonly type: "slow"; readonly ms: Millis };

/** What goes into the journal, as the daemon's incident writer does it. */
export interface JournalJob {
  readonly type: "append" | "adopt";
  readonly incidents: readonly Incident[];
}

/** One write on its way to the platter. */
export interface PendingWrite {
  /** Puts the bytes there, whether anybody is told or not. */
  readonly land: () => void;
}

export interface SimDisk {
  epoch: EpochRecord;
  incidents: Incident[];
  /** Activated configurations, and the digests of the texts that it holds. */
  configs: readonly ConfigStamp[];
  texts: Set<string>;
  frozen: boolean;
  full: boolean;
  slowMs: Millis;
  /** Lost with the daemon. */
  jobs: JournalJob[];
  waiting: (() => void)[];
  /** Writes that were begun and have not been answered, in order. */
  pending: PendingWrite[];
  /** No write that begins later ends before: one thread does them all. */
  busyUntil: Millis;
}

/** A process that uses the shared disk under a lock. What it does counts, whatever its daemon knows. */
export interface Locker {
  readonly id: number;
  readonly lockspace: string;
  readonly name: string;
  readonly persistent: boolean;
  /** What it believes that it may do. Absent: it waits. */
  held: Mode | undefined;
  wants: Mode | undefined;
  /** What it will do by itself; absent: only what the scenario says. */
  readonly work: LockWork | undefined;
}

/** The life of a locker: how long it holds, what it converts to, when it gives up waiting. */
export interface LockWork {
  readonly holdMs: Millis;
  readonly nextMode: Mode | undefined;
  readonly patienceMs: Millis | undefined;
}

/** One machine: ground truth, whatever anybody believes of it. */
export interface SimNode {
  readonly id: NodeId;
  power: "on" | "off";
  /** Broken: nothing switches it on. */
  dead: boolean;
  /** Boots so far; part of the boot id. */
  boots: number;
  /** The whole machine stands still, its clocks included in nothing. */
  hung: boolean;
  /** Only the daemon stands still; what it would be told waits. */
  paused: boolean;
  /** The group engine below the daemon runs. */
  engine: boolean;
  /** The daemon's core; absent while the daemon does not run. */
  core: State | undefined;
  /** Starts of the daemon so far. */
  starts: number;
  incarnation: Incarnation | undefined;
  processId: string;
  /** What its daemon, the next one that starts, understands. */
  protocol: ProtocolRange;
  /** The gate is open: something on this machine may write at any moment, daemon or not. */
  writing: boolean;
  /** The epoch under which it was let go, and the incarnation that was. */
  held: EpochRecord | undefined;
  holder: Incarnation | undefined;
  /** A workload uses the storage: the host is not clean while the node is up. */
  uses: boolean;
  /**
   * What it writes is nobody's fault: a person or a device that misreads said wrongly that it is off,
   * or it is cut off from the storage and its writes do not arrive.
   */
  excused: boolean;
  /** Devices that read this boot wrongly as off: each such reading is a proof that is none. */
  readonly misreadBy: Set<string>;
  /** Saw every configured node at once since its boot (wait_for_all). */
  sawAll: boolean;
  /** What its votequorum told the daemon last, and of which view. */
  told: (QuorumTold & { readonly ringId: string }) | undefined;
  /** Votes that its votequorum expects since a person said so; absent: the configured ones. */
  expected: number | undefined;
  /** What votequorum says regardless of votes. */
  forcedQuorum: boolean | undefined;
  /** Effects until the daemon dies in the middle of its work. */
  doom: number | undefined;
  /** Processes of this machine that hold or want locks, by the number of their lock. */
  readonly lockers: Map<number, Locker>;
  /** A false word said that it is off: what its lockers do is not the locks' fault. */
  lockExcused: boolean;
  readonly disk: SimDisk;
  /** `cluster.conf` on it. */
  file: ClusterConfig;
  /** Digests of the texts that its daemon holds. */
  texts: Set<string>;
  /** What it says of staged configurations: it agrees, finds something, or never answers. */
  weighing: "ok" | "refuses" | "silent" | "cannot-read";
  /** Inputs that arrived while the daemon was paused. */
  backlog: Input[];
  tickAt: Millis | undefined;
  cancelTick: () => void;
  /** Clock steps: what is added to the world's wall time. */
  wallOffsetMs: Millis;
  /** Clock drift: wall milliseconds gained per second. */
  wallDrift: number;
  /** Steps of the core in the present virtual second. */
  busySecond: number;
  busySteps: number;
}

export interface WorldOptions {
  readonly config: ClusterConfig;
  readonly tokenMs?: Millis;
  readonly latencyMs?: Millis;
  /** What the agents say of themselves; absent: `fence_sim`. */
  readonly traits?: readonly AgentTraits[];
  /** How long one agent run takes. */
  readonly agentMs?: Millis;
  /** How long a reading takes, when that differs. */
  readonly readMs?: Millis;
  readonly diskMs?: Millis;
  /** Time from power on to the daemon's start. */
  readonly bootMs?: Millis;
  readonly quorumVotes?: number;
  /** A quorum device with so many votes; absent: none. */
  readonly deviceVotes?: number;
  readonly waitForAll?: boolean;
  /** Decides everything that is left to chance; absent: a kind world. */
  readonly seed?: number;
  /** Whether something starts a daemon that ended, as systemd does. */
  readonly restarts?: "yes" | "no";
  /** Called for every line of the story, with the core's code for its own; absent: nobody reads it. */
  readonly say?: (source: string, text: string, code?: string) => void;
  /** Called when the storage of a node is let go (`open`) or held. */
  readonly onGate?: (node: NodeId, gate: "open" | "held") => void;
  /** Called with the name of every rule of the core that acted. */
  readonly reached?: (rule: string) => void;
}

/** What an agent answers to one run. */
export interface AgentTold {
  readonly executor: SimNode;
  readonly target: SimNode;
  readonly opId: number;
  readonly device: string;
  readonly action: string;
  readonly power?: "on" | "off" | "unknown";
}

/** What votequorum tells one daemon of its ring. */
export interface QuorumTold {
  readonly quorate: boolean;
  readonly quorumVotes: number;
  readonly ownVotes: number;
  readonly deviceVotes?: number;
}

export interface SimQuorum {
  answer(node: SimNode): QuorumTold;
  /** A person tells a ring how many votes to expect; absent: those that are there. */
  expect(ring: readonly NodeId[], votes: number | undefined): void;
  /** The device goes, comes, or is not reached by some. */
  setDevice(state: "up" | "down" | { readonly blind: readonly NodeId[] }): void;
}

/** What is really written to the shared disk. */
export interface SharedDisk {
  /** Everything that the node writes until now has arrived. */
  write(node: SimNode): void;
  /** The node goes on under another epoch than before. */
  onEpoch(node: SimNode, before: EpochRecord | undefined, epoch: EpochRecord): void;
  /** Its workload ended in order. */
  forget(node: SimNode): void;
}

export interface Judges {
  /** A gate opens for the `epoch`th epoch. */
  onOpen(node: SimNode, epoch: number): void;
  onShut(node: SimNode): void;
  onStep(node: SimNode, before: State, input: Input): void;
  onClosed(node: SimNode, incidents: readonly Incident[]): void;
  /** Only a master with a quorum may begin a shot or an epoch. */
  onSend(node: SimNode, message: Message): void;
  onAgent(executor: SimNode, target: SimNode, action: string): void;
  /** An agent's answer is about to be told to the daemon that ran it. */
  onTold(told: AgentTold): void;
  onDurable(node: SimNode, epoch: EpochRecord): void;
  /** The daemon of this node said that this configuration is activated. */
  onActivated(node: SimNode, version: number, digest: string): void;
  onExit(node: SimNode, code: number, why: string): void;
  /** A person, or a device, says wrongly that the node is off. */
  onFalseWord(node: SimNode): void;
  onFalseReading(node: SimNode, device: string): void;
  /** Everything that is not bound to one event. Call it now and then. */
  patrol(): void;
  /** After the world healed: one history. */
  history(): void;
}

/** The processes that lock, on all machines. */
export interface Lockers {
  onEvents(node: SimNode, events: readonly LockEvent[]): void;
  /** Its daemon is gone: whoever was connected to it notices, sooner or later. */
  onDaemonGone(node: SimNode): void;
  onDaemonStart(node: SimNode): void;
  /** What processes of this machine hold: a daemon that starts finds it written down. */
  claims(node: SimNode): readonly LockClaim[];
  onPower(node: SimNode): void;
  /** `name`: what is locked. Without a daemon nothing happens. */
  lock(node: SimNode, name: string, wish: LockWish): void;
  convert(node: SimNode, name: string, mode: Mode): void;
  unlock(node: SimNode, name: string): void;
  /** So many lockers, one after another, each with a life of its own. */
  load(node: SimNode, rounds: number): void;
  /** A person ends everything that locks on this machine. */
  endAll(node: SimNode): void;
  /** Nobody begins anything new, and what would stay for ever is given back. */
  stop(): void;
}

export interface LockWish {
  readonly mode: Mode;
  readonly noQueue?: boolean;
  readonly persistent?: boolean;
}

/** The world from inside: shared by the files of this folder, by nobody else. */
export interface Inside {
  readonly options: WorldOptions;
  readonly queue: Queue;
  readonly random: Random;
  readonly hostility: Hostility;
  readonly nodes: ReadonlyMap<NodeId, SimNode>;
  readonly list: readonly SimNode[];
  readonly faults: Map<string, DeviceFault>;
  /** Outlets that are off, as `wiring.ts` names them. */
  readonly switchedOff: Set<string>;
  readonly group: Group;
  readonly judges: Judges;
  /** As the cluster was built. */
  readonly config: ClusterConfig;
  /** Every text there ever was, by digest: what is written in it. */
  readonly texts: Map<string, ClusterConfig>;
  readonly lockers: Lockers;
  readonly shared: SharedDisk;
  readonly quorum: SimQuorum;
  say(source: string, text: string, code?: string): void;
  now(node: SimNode): Now;
  /** `start` names the run of the daemon that the input is for. */
  feed(node: SimNode, start: number, input: Input): void;
  power(node: NodeId, state: "on" | "off", by?: string): void;
  /** A usual duration, varied as far as the world's temper goes. */
  vary(ms: Millis): Millis;
}
