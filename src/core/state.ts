/** The state of one daemon's core: the replicated ledger, and what only this daemon knows. */
import type { AgentTraits, ClusterConfig } from "./config.ts";
import type { ConfigDesk } from "./configuration/desk.ts";
import type { Effect } from "./effects.ts";
import type { Operation } from "./fencing/operation.ts";
import type { Incarnation, Millis, NodeId, Now, ProcessRef, RingId, WallMillis } from "./ids.ts";
import type { EpochRecord, Ledger } from "./ledger.ts";
import type { LocalLocks } from "./locks/own.ts";
import type { LockTable } from "./locks/table.ts";
import type { LockClaim } from "./locks/types.ts";
import type { Hello, ProtocolRange } from "./messages.ts";
import type { PendingRequest } from "./requests/pending.ts";

/** What one input led to. Effects are performed in order. */
export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** One input being worked through. The only mutable thing of the core; never outlives `step`. */
export interface Turn {
  state: State;
  readonly effects: Effect[];
  readonly now: Now;
}

/** What a process is to the domain after the hellos were compared. See domain/roles.ts. */
export type Role =
  | "authority"
  | "reunited"
  | "restarted"
  | "newcomer"
  | "observer"
  | "stray"
  | "refused"
  | "unproven";

/** The present view, and how far its members have come in comparing notes. */
export interface Ring {
  readonly id: RingId;
  /** Sorted by node id. */
  readonly members: readonly ProcessRef[];
  readonly hellos: ReadonlyMap<string, Hello>;
  /** What each process holds by its own word. Keys as `processKey`; empty once synced. */
  readonly claims: ReadonlyMap<string, readonly LockClaim[]>;
  /** What came of the base's lock table so far. */
  readonly table: LockTable;
  /** Processes that stayed silent and are left out. Keys as `processKey`. */
  readonly muted: readonly string[];
  /** Until when the hellos, and then the base ledger, are waited for before the silent are left out. */
  readonly helloUntil: Millis;
  /** A part of what came before the snapshot is missing: this view must be the last one of its ring. */
  readonly behindHole?: true;
  /** When the master said something last, by this process's clock. */
  readonly masterHeardAt?: Millis;
  /** When somebody asked the master for a word that has not come, by this process's clock. */
  readonly askedAt?: Millis;
  /** Of the wire in this ring: what everybody in it understands. */
  readonly protocol: number;
  readonly phase: "hellos" | "snapshot" | "synced";
  readonly roles: ReadonlyMap<string, Role>;
  /** Process keys whose ledger is the base. */
  readonly authority: readonly string[];
  /** Process that decides in this ring; absent until synced. */
  readonly master?: string;
  /** The view (or one since the last sync) brought somebody. */
  readonly gained: boolean;
  /** The master's word, delivered: this ring has a quorum. */
  readonly quorate: boolean;
  readonly quorumVotes: number;
  readonly proposal?: Proposal;
}

export interface Proposal {
  readonly epoch: EpochRecord;
  readonly purpose: "members" | "config";
  /** Our own disk was asked. It waits for the text of a configuration that has not arrived. */
  readonly isAsked: boolean;
  readonly quorumVotes: number;
  /** Nodes whose disk has it, with their votes. */
  readonly persistedBy: ReadonlyMap<NodeId, number>;
}

/** This node's own votequorum answer for the present ring. */
export interface OwnQuorum {
  readonly ringId: RingId;
  readonly quorate: boolean;
  readonly quorumVotes: number;
  readonly ownVotes: number;
  /** Of the votes counted now, those of a quorum device; absent: there is no device. */
  readonly deviceVotes?: number;
}

/** A delay that was begun. It stays the same delay when the members change. */
export interface Held {
  /** `Infinity`: for ever. */
  readonly until: Millis;
  /** For people: the setting. */
  readonly why: string;
}

/** What only the master keeps: when it will do what. Rebuilt by a new master from scratch. */
export interface MasterWatch {
  /** Do nothing to this victim before, and why. */
  readonly holds: ReadonlyMap<NodeId, Held>;
  /** The running attempt is given up at. */
  readonly attemptUntil: ReadonlyMap<NodeId, Millis>;
  /** After a failed round, the next one begins at. */
  readonly retryAt: ReadonlyMap<NodeId, Millis>;
  readonly graceUntil: ReadonlyMap<NodeId, Millis>;
  /** A victim that is present is asked by its guards what it uses; its answer is awaited until. */
  readonly answerUntil: ReadonlyMap<NodeId, Millis>;
  /** Decisions that were sent in this ring and not yet delivered: never send one twice. */
  readonly sent: ReadonlySet<string>;
}

export const WATCH_EMPTY: MasterWatch = {
  holds: new Map(),
  attemptUntil: new Map(),
  retryAt: new Map(),
  graceUntil: new Map(),
  answerUntil: new Map(),
  sent: new Set(),
};

export interface GateState {
  readonly open: boolean;
  readonly since: WallMillis;
  readonly because: readonly string[];
}

/** Opaque outside src/core; read through `view/status.ts`. */
export interface State {
  /** When the last input came: whatever was due by then was seen to. */
  readonly seenUntil: Millis;
  readonly nodeId: NodeId;
  readonly processId: string;
  readonly protocol: ProtocolRange;
  readonly incarnation: Incarnation;
  /** What this node goes by: the configuration in force, once it has read it. */
  readonly config: ClusterConfig;
  readonly traits: readonly AgentTraits[];
  readonly desk: ConfigDesk;
  readonly ledger: Ledger;
  /** Holds a ledger of this run: was synced once. */
  readonly live: boolean;
  readonly wants: "join" | "none";
  /** A leave was asked for and not yet delivered: the gate is shut already. */
  readonly leaving: boolean;
  /** What this host uses of the guarded storage; absent: not known yet, which is not clean. */
  readonly inUse?: readonly string[];
  readonly ring?: Ring;
  /** Last ring in which this process was synced, and who has come along since. */
  readonly previousRing: RingId;
  readonly movedWith: readonly string[];
  /** Processes of the last view, also after the engine was lost. */
  readonly lastMembers: readonly ProcessRef[];
  readonly engineLost?: string;
  readonly quorum?: OwnQuorum;
  /** Votes of this node by its votequorum's last word, in whatever ring. */
  readonly votes?: number;
  /** Newest epoch that is, or may already be, on this node's disk. */
  readonly durable: EpochRecord;
  /** What the disk said last, while it refuses. */
  readonly diskProblem?: { readonly text: string; readonly retryAt: Millis };
  /** Shut by something of this node alone; only an establishment clears it. */
  readonly localFreeze?: string;
  /** Why this node is outside although its daemon runs. */
  readonly outside?: { readonly role: "stray" | "refused" | "unproven"; readonly why: string };
  readonly gate: GateState;
  /** The gate was open during this boot, and the node did not leave in order since. */
  readonly letGo: boolean;
  readonly missedAt: ReadonlyMap<NodeId, WallMillis>;
  readonly operations: readonly Operation[];
  readonly requests: readonly PendingRequest[];
  readonly nextOpId: number;
  readonly locks: LocalLocks;
  readonly watch: MasterWatch;
  /** Last complaint about what a process sent, by process key. At most {@link STRANGERS_MAX}. */
  readonly garbage: ReadonlyMap<string, string>;
}

export const STRANGERS_MAX = 32;

/** How long a process may stay silent in a new view before it is left out. */
export const HELLO_TIMEOUT_MS: Millis = 5_000;
