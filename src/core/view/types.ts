/**
 * What people and programs see of a daemon: one snapshot, the same shape in the CLI's `--json`,
 * the API and the event stream. Built from the state by `view/status.ts`; schemas: src/api.
 */
import type { Grade } from "../config.ts";
import type { Incarnation, NodeId, NodeName, WallMillis } from "../ids.ts";
import type { DoneHow, Evidence, FenceStep, VictimCause, VictimStage } from "../ledger.ts";

/** Words of `fence_tool ls`. */
export type WaitState = "none" | "messages" | "quorum" | "fencing";

export interface NodeView {
  readonly id: NodeId;
  readonly name: NodeName;
  readonly state:
    | "member"
    | "joining"
    | "observer"
    | "victim"
    | "suspect"
    | "departed"
    | "absent"
    | "expelled"
    | "refused";
  /** In the present view of the group. */
  readonly present: boolean;
  readonly master: boolean;
  readonly methods: readonly string[];
  readonly incarnation?: Incarnation;
  readonly configVersion?: number;
  /** Last closed incident about this node. */
  readonly lastFenced?: {
    readonly how: DoneHow;
    readonly at: WallMillis;
    readonly executor: NodeId;
    readonly seq: number;
  };
}

export interface VictimView {
  readonly id: NodeId;
  readonly name: NodeName;
  readonly cause: VictimCause;
  readonly stage: VictimStage;
  readonly reason: string;
  readonly firstSeenAt?: WallMillis;
  readonly attempt: number;
  readonly rounds: number;
  readonly executor?: NodeName;
  readonly doing?: string;
  /** Wall time of the next thing that this node knows will happen. */
  readonly nextAt?: WallMillis;
  readonly steps: readonly FenceStep[];
  readonly evidence: readonly Evidence[];
}

/** One link of the explanation of a freeze. Each is true by itself and has its own way out. */
export interface Cause {
  /** Stable: `victim`, `suspect`, `no-quorum`, `messages`, `epoch`, `first-start`, `expelled`, `not-joined`, `engine-lost`, `refused`, `unproven`. */
  readonly code: string;
  readonly node?: NodeName;
  /** Where it is stuck, e.g. "method 1 (ilo) failed on tpve01: connection timed out". */
  readonly step: string;
  /** Why storage must be held because of it. */
  readonly reason: string;
  /** What ends it, by itself or by a person. */
  readonly endsWhen: string;
  /** What a person can do, each with its risk. Shape: commands that can be pasted. */
  readonly actions: readonly { readonly command: string; readonly risk: string }[];
}

/** Locks, held or waited for; of these, wishes that were not granted yet. */
export interface LockCounts {
  readonly count: number;
  readonly waiting: number;
}

export interface StatusView {
  readonly cluster: NodeName;
  readonly node: NodeName;
  readonly nodeId: NodeId;
  readonly at: WallMillis;
  /** One sentence: is my storage writable, if not why. */
  readonly verdict: string;
  readonly joined: boolean;
  readonly gate: "open" | "frozen";
  /** Since when the gate is as it is. */
  readonly gateSince: WallMillis;
  readonly epoch: number;
  readonly synced: boolean;
  readonly quorate: boolean;
  readonly expelled: boolean;
  readonly master: NodeId;
  readonly configVersion: number;
  readonly evidenceDemand: Grade;
  readonly nodes: readonly NodeView[];
  readonly victims: readonly VictimView[];
  readonly why: readonly Cause[];
  readonly inUse: readonly string[];
  /** LVM's shared volume groups; absent: none is started. See `GET /v1/volumes`. */
  readonly volumeGroups?: readonly {
    readonly name: string;
    /** Names of the nodes that have it started. */
    readonly started: readonly string[];
    /** How many volumes somebody has. */
    readonly volumes: number;
    /** How many commands wait. */
    readonly waiting: number;
  }[];
  /** In the whole domain; absent: nobody locks anything. See `bouncer locks`. */
  readonly locks?: LockCounts;
  /** Things that are not right but stop nothing: versions differ, a disk refuses, a stranger. */
  readonly warnings: readonly string[];
  /** Of the fence devices that this node looks at; absent: it does not look (yet). See `bouncer check`. */
  readonly readiness?: { readonly devices: number; readonly ready: number; readonly failing: number };
  /** The seven lines of `fence_tool ls`, as data. */
  readonly domain: {
    readonly memberCount: number;
    readonly victimCount: number;
    readonly victimNow: NodeId;
    readonly masterNodeid: NodeId;
    readonly waitState: WaitState;
    readonly members: readonly NodeId[];
  };
}
