/**
 * The replicated state: what every daemon that saw the same ordered events holds alike. Changed
 * only by views and delivered messages; local clocks, agents and quorum flags live elsewhere.
 * See docs/protocol.md, "The ledger".
 */
import type { Grade } from "./config.ts";
import { CONFIG_NONE, CONFIGS_EMPTY, type ConfigStamp, type LedgerConfigs } from "./configuration/stamp.ts";
import type { Incarnation, NodeId, NodeName, WallMillis } from "./ids.ts";
import { LOCKS_EMPTY, type LockTable } from "./locks/table.ts";

/** One proof about one victim. Bound to an incarnation: it says nothing of the next boot. */
export interface Evidence {
  readonly grade: Grade;
  /** What was seen, by whom: "ilo-02 read off twice (asked by tpve01)". */
  readonly source: string;
  readonly at: WallMillis;
  /** Node that gathered it. */
  readonly by: NodeId;
}

/** One thing that was done to a victim, in order. `text` is for people, at most 300 characters. */
export interface FenceStep {
  readonly at: WallMillis;
  readonly executor: NodeId;
  readonly attempt: number;
  readonly method: string;
  /** Position of the method and of the device in it, from 0, as `fence_node -v` shows them. */
  readonly methodIndex: number;
  readonly device: string;
  readonly deviceIndex: number;
  readonly agent: string;
  readonly action: string;
  readonly result: "ok" | "failed" | "timeout";
  readonly tookMs: number;
  /** What a `status` read. */
  readonly power?: "on" | "off" | "unknown";
  readonly text: string;
}

export type VictimCause =
  | "node-down"
  | "process-down"
  | "unknown since start"
  | "returned without a restart"
  | "not part of the newest epoch";

/**
 * Where a victim stands. `waiting`: a delay or the quorum is awaited. `fencing`: an executor is at
 * work. `stuck`: a whole round failed, or there is no method; it is tried again and a person can end it.
 */
export type VictimStage = "waiting" | "fencing" | "stuck";

export interface Victim {
  readonly node: NodeId;
  /** Absent when nobody knows what runs there ("unknown since start"). */
  readonly incarnation?: Incarnation;
  readonly cause: VictimCause;
  /** Stamped by the master; absent until its first message about this victim. */
  readonly firstSeenAt?: WallMillis;
  readonly stage: VictimStage;
  /** Why it waits or is stuck, for people. */
  readonly reason: string;
  /** Once true there is no reunion: a shot may be on its way. */
  readonly begun: boolean;
  /** Number of the running or last attempt, unique in the ledger; 0 before the first. */
  readonly attempt: number;
  /** Results of earlier attempts than this say nothing about this victim. */
  readonly sinceAttempt: number;
  /** Attempts so far. */
  readonly attempts: number;
  /** Members that tried in vain in the present round. Sorted by time. */
  readonly tried: readonly NodeId[];
  /** Full rounds of all members that failed. */
  readonly rounds: number;
  readonly executor?: NodeId;
  /** What a device told last of its power; fresher than the steps of the running attempt. */
  readonly lastRead?: { readonly device: string; readonly power: "on" | "off"; readonly at: WallMillis };
  /** What the executor does right now, e.g. "method 1 ilo: ilo-02 off". */
  readonly doing?: string;
  readonly steps: readonly FenceStep[];
  readonly evidence: readonly Evidence[];
  /** Set when the attempt that counts was asked for by a person (`fence_node`). */
  readonly requestedBy?: string;
}

/** A shot that a person asked for at a node that is no victim (yet). */
export interface Shot {
  readonly node: NodeId;
  readonly incarnation?: Incarnation;
  readonly executor: NodeId;
  readonly requestedBy: string;
  readonly active: boolean;
  readonly attempt: number;
  readonly sinceAttempt: number;
  readonly attempts: number;
  readonly tried: readonly NodeId[];
  readonly doing?: string;
  readonly steps: readonly FenceStep[];
  readonly evidence: readonly Evidence[];
}

/** An admitted node whose daemon died while the node lives: has its grace to come back. */
export interface Suspect {
  readonly node: NodeId;
  readonly incarnation: Incarnation;
}

/** How a victim ended. Source: fenced VIC_DONE_*, plus `reunited` and `watchdog`. */
export type DoneHow = "agent" | "member" | "reunited" | "external" | "override" | "watchdog";

/**
 * The certificate of one closed incident. Equal on all nodes, byte for byte. `hash` covers
 * everything else, `previousHash` included: a chain.
 */
export interface Incident {
  /** Counts from 1, without gaps. */
  readonly seq: number;
  readonly node: NodeId;
  readonly name: NodeName;
  readonly incarnation?: Incarnation;
  readonly epoch: number;
  readonly cause: VictimCause;
  readonly how: DoneHow;
  readonly firstSeenAt: WallMillis;
  readonly doneAt: WallMillis;
  readonly attempts: number;
  readonly steps: readonly FenceStep[];
  readonly evidence: readonly Evidence[];
  readonly executor?: NodeId;
  readonly configVersion: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** What outlives the ring: who was a member when epoch `n` was proposed, who had left cleanly. */
export interface EpochRecord {
  /** Counts from 1; 0: none yet. */
  readonly n: number;
  /** Sorted by node id. */
  readonly members: readonly (Incarnation & { readonly node: NodeId })[];
  /** Node id and the epoch in force when it left cleanly; sorted by node id. */
  readonly departed: readonly { readonly node: NodeId; readonly epoch: number }[];
  /** In force in this epoch. */
  readonly config: ConfigStamp;
  /** Node that proposed it; with `n` it names the proposal. */
  readonly proposer: NodeId;
}

export const EPOCH_NONE: EpochRecord = {
  n: 0,
  members: [],
  departed: [],
  config: CONFIG_NONE,
  proposer: 0,
};

/** Everything a daemon reads from its disk at start. */
export interface DurableState {
  readonly epoch: EpochRecord;
  /** Last closed incidents, oldest first, at most {@link INCIDENTS_KEPT}. */
  readonly incidents: readonly Incident[];
  /** Last activated configurations, oldest first. */
  readonly configs: readonly ConfigStamp[];
}

/** Closed incidents kept in memory and in snapshots; older ones are in the journal only. */
export const INCIDENTS_KEPT = 256;

export interface Ledger {
  /** The last established epoch of this run, or the newest durable one before there is one. */
  readonly epoch: EpochRecord;
  /** True once an epoch was established since the cluster's last cold start. */
  readonly established: boolean;
  /** Admitted to the fence domain now. Sorted by node id. */
  readonly members: readonly (Incarnation & { readonly node: NodeId })[];
  /** Sorted by node id. */
  readonly departed: readonly { readonly node: NodeId; readonly epoch: number }[];
  readonly victims: readonly Victim[];
  readonly suspects: readonly Suspect[];
  readonly shots: readonly Shot[];
  /** True: an establishment opened it and nothing closed it since. */
  readonly open: boolean;
  /** Were the nodes that nobody heard of since the cold start looked for already? */
  readonly startup: "pending" | "done";
  /** Number of the last attempt at any victim. */
  readonly lastAttempt: number;
  readonly incidents: readonly Incident[];
  readonly configs: LedgerConfigs;
  readonly locks: LockTable;
}

export const LEDGER_EMPTY: Ledger = {
  epoch: EPOCH_NONE,
  established: false,
  members: [],
  departed: [],
  victims: [],
  suspects: [],
  shots: [],
  open: false,
  startup: "pending",
  lastAttempt: 0,
  incidents: [],
  configs: CONFIGS_EMPTY,
  locks: LOCKS_EMPTY,
};
