/** Everything that can happen to the core. One at a time, in order, through `step`. */
import type { AgentTraits, ClusterConfig } from "./config.ts";
import type { ConfigName } from "./configuration/stamp.ts";
import type { Incarnation, Millis, NodeId, ProcessRef, RingId } from "./ids.ts";
import type { DurableState } from "./ledger.ts";
import type { LockClaim, LockRequest } from "./locks/types.ts";
import type { Message, ProtocolRange } from "./messages.ts";

export type Input =
  | {
      readonly type: "view";
      readonly ringId: RingId;
      readonly members: readonly ProcessRef[];
      readonly joined: readonly ProcessRef[];
      readonly left: readonly (ProcessRef & {
        readonly reason: "leave" | "node-down" | "process-down";
      })[];
    }
  | { readonly type: "deliver"; readonly from: ProcessRef; readonly message: Message }
  /** Bytes that were no message of ours. Counted and shown, otherwise ignored. */
  | { readonly type: "garbage"; readonly from: ProcessRef; readonly problem: string }
  | {
      readonly type: "quorum";
      readonly ringId: RingId;
      readonly quorate: boolean;
      readonly quorumVotes: number;
      readonly ownVotes: number;
      /** Of the votes counted now, those of a quorum device; absent: there is no device. */
      readonly deviceVotes?: number;
    }
  /** The group engine is gone. */
  | { readonly type: "lost"; readonly why: string }
  | { readonly type: "tick" }
  | ConfigRead
  /** What looking at a staged configuration on this node has shown. */
  | {
      readonly type: "config-weighed";
      readonly digest: string;
      readonly ok: boolean;
      readonly problems: readonly string[];
    }
  | ConfigMade
  | AgentExit
  /** The epoch `n` of `proposer` is on disk. A disk that refuses is reported, and asked again. */
  | { readonly type: "persisted"; readonly n: number; readonly proposer: NodeId }
  | { readonly type: "persist-failed"; readonly n: number; readonly problem: string }
  /** What this host uses of the guarded storage; empty: clean. */
  | { readonly type: "guard"; readonly inUse: readonly string[] }
  /** What owners of locks on this host want, in their order. */
  | { readonly type: "locks"; readonly requests: readonly LockRequest[] }
  | { readonly type: "request"; readonly id: string; readonly request: Request }
  /** Nobody waits for the answer any more. What was multicast stays true; nothing new is asked for. */
  | { readonly type: "cancel"; readonly id: string };

/** A text was read. Answers `read-config`; comes by itself when what it says of agents has changed. */
export type ConfigRead = {
  readonly type: "config-read";
  readonly digest: string;
} & (
  | { readonly ok: true; readonly config: ClusterConfig; readonly traits: readonly AgentTraits[] }
  | { readonly ok: false; readonly problem: string }
);

/** An old text with a new version: the edge holds it from now on. */
export type ConfigMade = {
  readonly type: "config-made";
  /** Digest of the old text. */
  readonly from: string;
  readonly version: number;
} & ({ readonly ok: true; readonly digest: string } | { readonly ok: false; readonly problem: string });

/** What became of one agent run. A failure is a value; only power "off" is off. */
export interface AgentExit {
  readonly type: "agent-exit";
  readonly opId: number;
  readonly result: "ok" | "failed" | "timeout";
  readonly power?: "on" | "off" | "unknown";
  readonly detail: string;
  readonly tookMs: number;
}

/** What a person or program asks of this daemon. Answered by exactly one `reply` effect. */
export type Request =
  | { readonly type: "join" }
  | { readonly type: "leave" }
  | { readonly type: "fence"; readonly node: NodeId; readonly by: string }
  | { readonly type: "unfence"; readonly node: NodeId; readonly by: string }
  | {
      readonly type: "ack";
      readonly node: NodeId;
      readonly by: string;
      /** How the person knows: kept in the certificate. */
      readonly statement: string;
      /** Said again although the evidence contradicts, with the reason. */
      readonly contradict?: string;
    }
  /** Runs `status` on every device of the node (or of one method, from 0) from this node. */
  | { readonly type: "check"; readonly node: NodeId; readonly method?: number }
  | ConfigRequest;

export type ConfigRequest =
  | {
      readonly type: "config-stage";
      readonly by: string;
      readonly comment: string;
      /** What was read in it; the edge holds its text. */
      readonly config: ClusterConfig;
      readonly traits: readonly AgentTraits[];
      /** Digest of the configuration that was in force when it was written. */
      readonly base: string;
      /** Takes the place of what is staged already. */
      readonly replace: boolean;
    }
  | {
      readonly type: "config-activate";
      readonly by: string;
      readonly digest: string;
      readonly comment: string;
      /** Goes back by itself unless it is confirmed by then. */
      readonly withinMs?: Millis;
      /** Waits while somebody is being fenced; otherwise it is refused then. */
      readonly wait: boolean;
    }
  | { readonly type: "config-confirm"; readonly by: string }
  | { readonly type: "config-discard"; readonly by: string; readonly digest: string };

/** How the state begins: identity, what the disk holds, the configuration. */
export interface Boot {
  readonly nodeId: NodeId;
  readonly processId: string;
  readonly incarnation: Incarnation;
  readonly durable: DurableState;
  /** To begin with: what was in force here last, or the file on disk where nothing was. */
  readonly config: ClusterConfig;
  /** The file on disk. */
  readonly file: ConfigName;
  /** Digests of the texts that the edge holds. */
  readonly holds: readonly string[];
  readonly traits: readonly AgentTraits[];
  readonly join: boolean;
  /** Locks that processes of this host hold since before this start. */
  readonly held?: readonly LockClaim[];
  /** What it understands; absent: {@link PROTOCOL}. */
  readonly protocol?: ProtocolRange;
}
