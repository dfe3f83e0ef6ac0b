/** What a ring of the simulated group engine is made of. */
import type { NodeId, ProcessRef, RingId } from "../core/ids.ts";
import type { Message } from "../core/messages.ts";

export type LeftReason = "leave" | "node-down" | "process-down";

export interface SimView {
  readonly ringId: RingId;
  readonly members: readonly ProcessRef[];
  readonly joined: readonly ProcessRef[];
  readonly left: readonly (ProcessRef & { readonly reason: LeftReason })[];
}

export interface GroupProcess {
  readonly ref: ProcessRef;
  readonly onView: (view: SimView) => void;
  readonly onMessage: (from: ProcessRef, message: Message) => void;
}

/** One thing in a ring's order. `announce`: a node that came in a merge tells its processes. */
export type Entry =
  | { readonly type: "message"; readonly node: NodeId; readonly ref: ProcessRef; readonly message: Message }
  | { readonly type: "join" | "leave" | "down"; readonly node: NodeId; readonly ref: ProcessRef }
  | { readonly type: "announce"; readonly node: NodeId; readonly refs: readonly ProcessRef[] };

export interface Ring {
  readonly id: RingId;
  readonly nodes: readonly NodeId[];
  readonly log: Entry[];
  /** A member cannot be heard: the token is lost, nothing gets an order any more. */
  stalled: boolean;
}

/** One node's engine. */
export interface EngineNode {
  readonly id: NodeId;
  ring: Ring | undefined;
  /** Entries of the ring that were delivered here. */
  delivered: number;
  /** Lost an entry of the ring: delivers nothing more before the next ring. */
  gap: boolean;
  outbox: Entry[];
  flushing: boolean;
  /** Processes of the group, as this node knows them. */
  readonly group: Map<string, ProcessRef>;
  process: GroupProcess | undefined;
}
