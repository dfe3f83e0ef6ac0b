/**
 * A closed process group: agreed-order multicast plus membership, as docs/protocol.md §1 promises.
 * Implementations: adapters/corosync (libcpg and votequorum), adapters/loopback (a hub process),
 * src/sim (virtual time). One compliance suite runs against all of them: test/compliance.
 */
import type { NodeId, NodeName, ProcessRef, RingId } from "../core/ids.ts";

/**
 * How a process left. `leave`: it called leave. `node-down`: its node is silent for the ring.
 * `process-down`: only the process died, its node still speaks.
 */
export type LeftReason = "leave" | "node-down" | "process-down";

/**
 * Shape: `members` sorted by node id, then process id; contains this process (except when the view
 * is the answer to our own `leave`). `joined` and `left` are as this process saw the change: a
 * process that did not move together with us from our previous view is in `joined`.
 */
export interface ViewEvent {
  readonly ringId: RingId;
  readonly members: readonly ProcessRef[];
  readonly joined: readonly ProcessRef[];
  readonly left: readonly (ProcessRef & { readonly reason: LeftReason })[];
}

/** This node's own votequorum answer for the view `ringId`. Repeated for every new view. */
export interface QuorumEvent {
  readonly ringId: RingId;
  readonly quorate: boolean;
  /** Votes that a quorum takes now. */
  readonly quorumVotes: number;
  /** Votes of this node. */
  readonly ownVotes: number;
  /** Of the votes counted now, those of a quorum device; absent: there is no device. */
  readonly deviceVotes?: number;
}

/** One configured member as the engine's own configuration knows it (cmap nodelist). */
export interface EngineNode {
  readonly nodeId: NodeId;
  /** Absent when the engine's configuration gives no name. */
  readonly name?: NodeName;
}

/**
 * Order: handlers never overlap and are called in delivery order. Nothing is true until it is
 * delivered, also one's own message.
 */
export interface GroupHandlers {
  onView(view: ViewEvent): void;
  onMessage(from: ProcessRef, payload: Uint8Array): void;
  onQuorum(quorum: QuorumEvent): void;
  /** The engine is gone. It tries to come back by itself; a new view then follows. */
  onLost(why: string): void;
  /** The flow-control queue has room again after a refused multicast. */
  onDrain?(): void;
}

export interface GroupEngine {
  readonly nodeId: NodeId;
  /** The identity that `members` shows for this process. */
  readonly processId: string;
  /**
   * Returns false when the group takes nothing more right now (flow control, engine lost): the
   * caller keeps the message. Never throws. Payload: at most {@link PAYLOAD_BYTES_MAX} bytes.
   */
  multicast(payload: Uint8Array): boolean;
  /** Node list of the engine's own configuration; empty when it has none. */
  nodes(): readonly EngineNode[];
  /** While true, an orderly shutdown of the engine below us is refused (storage is in use). */
  setShutdownVeto(veto: { readonly because: string } | undefined): void;
  /** Leaves the group in an orderly way (others see reason `leave`) and closes. */
  close(): Promise<void>;
}

/** Units: bytes. Below Corosync's CPG limit of 1 MiB. */
export const PAYLOAD_BYTES_MAX = 900_000;

export const GROUP_NAME = "bouncer:domain";
