/** What an engine child says of its engine, one JSON object per line. */
import type { QuorumEvent, ViewEvent } from "../../../src/ports/group-engine.ts";

export type ChildEvent =
  | { readonly type: "ready"; readonly nodeId: number; readonly processId: string }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | ({ readonly type: "view" } & ViewEvent)
  | ({ readonly type: "quorum" } & QuorumEvent)
  | {
      readonly type: "message";
      readonly from: string;
      /** The view in which the sender made it, as its payload says; "" for bytes of a stranger. */
      readonly sentIn: string;
      /** The last view before its delivery. */
      readonly deliveredIn: string;
      readonly text: string;
      readonly bytes: number;
    }
  | { readonly type: "lost"; readonly why: string }
  | { readonly type: "drain" }
  | { readonly type: "sent"; readonly id: number; readonly accepted: number; readonly refused: number }
  | { readonly type: "nodes"; readonly id: number; readonly nodes: readonly unknown[] }
  | { readonly type: "closed" };

export type ViewSeen = Extract<ChildEvent, { type: "view" }>;
export type MessageSeen = Extract<ChildEvent, { type: "message" }>;

export type ChildCommand =
  /** Sends `count` messages; stops at the first refusal. `pad`: bytes of each payload. */
  | {
      readonly op: "send";
      readonly id: number;
      readonly text: string;
      readonly count: number;
      readonly pad: number;
    }
  | { readonly op: "send-raw"; readonly id: number; readonly hex: string }
  | { readonly op: "veto"; readonly because: string | null }
  | { readonly op: "nodes"; readonly id: number }
  | { readonly op: "close" };

export type ChildOptions =
  | {
      readonly engine: "loopback";
      readonly hubPath: string;
      readonly nodeId: number;
      readonly votes: number;
      readonly expectedVotes: number;
      readonly twoNode: boolean;
    }
  | { readonly engine: "corosync" };
