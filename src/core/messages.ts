/** What daemons say to one another. Bytes and validation: src/codec. Meaning: docs/protocol.md. */
import type { Grade } from "./config.ts";
import type { ConfigName, ConfigStamp } from "./configuration/stamp.ts";
import type { Incarnation, NodeId, RingId, WallMillis } from "./ids.ts";
import type { DoneHow, EpochRecord, Evidence, FenceStep, Ledger, Victim } from "./ledger.ts";
import type { Resource } from "./locks/resource.ts";
import type { LockClaim, LockOp, LockWord } from "./locks/types.ts";
import type { VolumeRefresh, VolumeRefreshed } from "./locks/volumes.ts";
import type { ReadinessReport } from "./readiness/types.ts";

export interface ProtocolRange {
  readonly min: number;
  readonly max: number;
}

/** Range of wire protocols that this daemon understands; a ring speaks the lowest common maximum. */
export const PROTOCOL: ProtocolRange = { min: 1, max: 1 };

/** The first message of every process in every view: who I am, what I know, what I hold. */
export interface Hello {
  readonly type: "hello";
  readonly protocol: ProtocolRange;
  readonly name: string;
  readonly incarnation: Incarnation;
  /** This host guards nothing: no volume active, no lock, no hook reports use. */
  readonly clean: boolean;
  /** The guards were asked and have not answered yet: it may turn out to be clean. */
  readonly asking?: true;
  /** Its gate was open during this boot: what it uses may be of that time. */
  readonly letGo?: true;
  /** Wants to be in the fence domain. */
  readonly wants: "join" | "none";
  /** Holds a ledger of this run (not only what it read from its disk). */
  readonly live: boolean;
  /** Found itself expelled and holds storage still: it knows nothing that others should follow. */
  readonly expelled: boolean;
  /** Last epoch that this process saw established in this run; 0 when not live. */
  readonly establishedEpoch: number;
  /** Newest epoch on this process's disk, established or not. */
  readonly durable: EpochRecord;
  /** Ring that this process came from; empty at its first view. */
  readonly previousRing: RingId;
  /** Processes (`node/process`) that came along from it, this one included. Sorted. */
  readonly movedWith: readonly string[];
  readonly digest: string;
  /** Number of the last closed incident that this process knows. */
  readonly incidentSeq: number;
  /** Shots that this process has begun and whose result was not yet delivered. */
  readonly shots: readonly {
    readonly node: NodeId;
    readonly incarnation?: Incarnation;
    readonly attempt: number;
  }[];
  /** Locks that this process stated in `lock-claims` before. */
  readonly claims: number;
  readonly votes: number;
  /** Of the configuration that this process uses. */
  readonly configVersion: number;
  /** `cluster.conf` on its disk at its start. */
  readonly file: ConfigName;
  /** Digests of the configurations whose text it has. */
  readonly holds: readonly string[];
  /** Highest version of a configuration that it has heard of. */
  readonly lastVersion: number;
  /** Weakest evidence that this node's configuration accepts; the base's own counts in a ring. */
  readonly evidenceDemand: Grade;
  /** When this process first missed a node. */
  readonly missedAt: readonly { readonly node: NodeId; readonly at: WallMillis }[];
  readonly wall: WallMillis;
}

export type Body =
  | Hello
  /** What a member sees of the fence devices. Kept beside the core, which passes it over. */
  | ReadinessReport
  | VolumeRefresh
  | VolumeRefreshed
  /** Some of the locks that the sender holds; all of them come before its hello. */
  | { readonly type: "lock-claims"; readonly claims: readonly LockClaim[] }
  /** A part of the base's lock table; all of them come before the snapshot. */
  | { readonly type: "lock-table"; readonly resources: readonly Resource[] }
  /** The master's ledger, for those that lack it. Completes the sync. `locks`: the table's digest. */
  | { readonly type: "snapshot"; readonly ledger: Omit<Ledger, "locks">; readonly locks: string }
  /** Clients of a node want locks, or give them back. Decides nothing. */
  | { readonly type: "lock-ops"; readonly ops: readonly LockOp[]; readonly wall: WallMillis }
  /** The master says who has what from now on. */
  | { readonly type: "lock-grants"; readonly words: readonly LockWord[] }
  /** Something waits for the master, which has said nothing for long: is it there? It answers `here`. */
  | { readonly type: "probe" }
  | { readonly type: "here" }
  /** A process does not speak this protocol, or stands still: go on without it. */
  | { readonly type: "mute"; readonly process: string }
  /** Nodes that were not heard of when the domain first formed. */
  | { readonly type: "startup-victims"; readonly victims: readonly Victim[] }
  /** The master has a quorum in this ring and stamps what it sees. */
  | {
      readonly type: "quorate";
      readonly wall: WallMillis;
      readonly quorumVotes: number;
    }
  | { readonly type: "inquorate" }
  /** A node's own gate closed without a loss (its quorum flickered): please establish anew. */
  | { readonly type: "need-epoch" }
  /** Asks for admission in a ring that is synced already. `clean` as in the hello. */
  | {
      readonly type: "join";
      readonly incarnation: Incarnation;
      readonly clean: boolean;
      readonly wall: WallMillis;
    }
  | { readonly type: "leave" }
  | {
      readonly type: "propose";
      readonly epoch: EpochRecord;
      readonly quorumVotes: number;
      /** `members` opens the gate; `config` only brings a configuration, with the members as they are. */
      readonly purpose: "members" | "config";
    }
  | {
      readonly type: "persisted";
      readonly n: number;
      readonly proposer: NodeId;
      /** The sender's votes by its own votequorum. */
      readonly votes: number;
    }
  | {
      readonly type: "grace-over";
      readonly node: NodeId;
      readonly incarnation: Incarnation;
      /** When the master first missed the daemon. */
      readonly missedAt: WallMillis;
    }
  | {
      /** The attempt's number is given at delivery: one more than the ledger's last. */
      readonly type: "fence-start";
      readonly node: NodeId;
      readonly incarnation?: Incarnation;
      readonly executor: NodeId;
      /** The person who asked for it, if one did. */
      readonly by?: string;
      readonly wall: WallMillis;
    }
  /** Nobody could carry out the shot that a person asked for; the node stays what it was. */
  | { readonly type: "shot-end"; readonly node: NodeId; readonly attempt: number }
  | {
      readonly type: "fence-progress";
      readonly node: NodeId;
      readonly attempt: number;
      readonly doing: string;
      readonly read?: { readonly device: string; readonly power: "on" | "off"; readonly at: WallMillis };
    }
  | {
      readonly type: "fence-result";
      readonly node: NodeId;
      readonly incarnation?: Incarnation;
      readonly attempt: number;
      readonly ok: boolean;
      readonly reason: string;
      readonly steps: readonly FenceStep[];
      readonly evidence: readonly Evidence[];
    }
  /** The master says where a victim stands when nothing is running for it. */
  | {
      readonly type: "victim-state";
      readonly node: NodeId;
      readonly stage: "waiting" | "stuck";
      readonly reason: string;
      readonly rounds: number;
      /** The proof so far is void: what was read off is still in the view. */
      readonly isVoid?: true;
    }
  | {
      readonly type: "victim-done";
      readonly node: NodeId;
      readonly incarnation?: Incarnation;
      readonly how: DoneHow;
      readonly wall: WallMillis;
      readonly configVersion: number;
      readonly name: string;
    }
  /** A person asks for a shot at a node (fence_node), whether it is a victim or not. */
  | {
      readonly type: "shoot";
      readonly node: NodeId;
      /** Whom the person meant: a wish that comes late must not hit what booted since. */
      readonly incarnation?: Incarnation;
      readonly by: string;
    }
  | {
      readonly type: "ack";
      readonly node: NodeId;
      /** Whom the person spoke of; the word says nothing about another run. */
      readonly incarnation?: Incarnation;
      readonly by: string;
      readonly statement: string;
      /** The person knows of what speaks against it, and insists. */
      readonly insists: boolean;
      readonly wall: WallMillis;
    }
  /** The text of a configuration. It travels beside the message and stays at the edge. */
  | { readonly type: "document"; readonly digest: string }
  | {
      readonly type: "stage";
      readonly version: number;
      readonly digest: string;
      readonly by: string;
      readonly comment: string;
      /** Digest of what was in force when it was written. */
      readonly base: string;
      readonly replace: boolean;
      readonly wall: WallMillis;
    }
  /** A member has looked at what is staged. */
  | {
      readonly type: "weighed";
      readonly digest: string;
      readonly ok: boolean;
      readonly problems: readonly string[];
    }
  | { readonly type: "discard"; readonly digest: string; readonly by: string }
  | {
      readonly type: "activate";
      readonly digest: string;
      readonly by: string;
      readonly comment: string;
      readonly withinMs?: number;
      readonly wall: WallMillis;
    }
  | { readonly type: "confirm"; readonly digest: string; readonly by: string }
  /** The master: what was not confirmed goes back. */
  | { readonly type: "revert"; readonly back: string; readonly config: ConfigStamp };

/** What goes over the wire: every message names the ring in which it was sent. */
export interface Message {
  readonly ring: RingId;
  /** Of the wire; absent: the lowest that this daemon understands. */
  readonly protocol?: number;
  readonly body: Body;
}
