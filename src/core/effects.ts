/** Everything that the core can ask of the world. Plain data: printable, comparable, replayable. */
import type { ConfigStamp } from "./configuration/stamp.ts";
import type { ErrorCode } from "./errors.ts";
import type { Millis, NodeId } from "./ids.ts";
import type { EpochRecord, FenceStep, Incident } from "./ledger.ts";
import type { LockEvent } from "./locks/types.ts";
import type { Message } from "./messages.ts";

/**
 * Order: the runner starts the effects of one transition in array order and awaits none of them.
 * Whatever comes back, comes back as an input.
 */
export type Effect =
  /** Multicast in agreed order. Nothing is true until it is *delivered*. */
  | { readonly type: "multicast"; readonly message: Message }
  /** Run one line of the configuration. Answered by exactly one `agent-exit` with this `opId`. */
  | {
      readonly type: "run-agent";
      readonly opId: number;
      /** Digest of the configuration whose line it is. */
      readonly config: string;
      readonly node: NodeId;
      readonly method: number | "unfence";
      readonly device: number;
      readonly action: string;
      readonly budgetMs: Millis;
    }
  /** Hold storage at once, on this node. Idempotent. */
  | { readonly type: "freeze"; readonly because: readonly string[] }
  /** Let go, on this node. Only ever after the establishment of `epoch`. */
  | { readonly type: "thaw"; readonly epoch: number }
  /** Make durable, with the text of its configuration; answered by `persisted` or `persist-failed`. */
  | { readonly type: "persist"; readonly epoch: EpochRecord }
  /** Append closed incidents to the journal; nobody waits. */
  | { readonly type: "journal"; readonly incidents: readonly Incident[] }
  /** Replace the journal's tail by the cluster's (after a snapshot); nobody waits. */
  | { readonly type: "journal-adopt"; readonly incidents: readonly Incident[] }
  /** Remember what was activated, the whole list; nobody waits. */
  | { readonly type: "journal-configs"; readonly configs: readonly ConfigStamp[] }
  /** Read a text that the edge holds; answered by `config-read`. */
  | { readonly type: "read-config"; readonly digest: string }
  /** Look at it on this node: agents, scripts, devices; answered by `config-weighed`. */
  | { readonly type: "weigh-config"; readonly digest: string }
  /** Give an old text a new version; answered by `config-made`. */
  | { readonly type: "make-config"; readonly from: string; readonly version: number }
  /** What became of requests for locks; tell their owners, in this order. */
  | { readonly type: "lock-events"; readonly events: readonly LockEvent[] }
  | { readonly type: "reply"; readonly id: string; readonly reply: Reply }
  /** One line of the story. `code` is stable and machine readable, `text` is for people. */
  | {
      readonly type: "log";
      readonly level: "error" | "warn" | "info" | "debug";
      readonly code: string;
      readonly node?: NodeId;
      readonly text: string;
    }
  /** End this process: going on could corrupt storage (exit 70), or it was told to. */
  | { readonly type: "exit"; readonly code: number; readonly why: string };

export type Reply =
  | { readonly ok: true; readonly result: ReplyResult }
  | { readonly ok: false; readonly error: ErrorCode; readonly detail: string };

export type ReplyResult =
  | { readonly type: "joined" | "left" | "already" }
  | {
      readonly type: "fenced";
      readonly outcome: "success" | "failed" | "undefined";
      readonly steps: readonly FenceStep[];
    }
  | {
      readonly type: "unfenced";
      readonly outcome: "success" | "failed" | "undefined";
      readonly steps: readonly FenceStep[];
    }
  | { readonly type: "acknowledged"; readonly victimsLeft: readonly NodeId[] }
  | {
      readonly type: "staged" | "activated" | "confirmed" | "discarded";
      /** Of what is staged, or in force. */
      readonly version: number;
      readonly digest: string;
      readonly epoch: number;
    }
  | { readonly type: "checked"; readonly devices: readonly DeviceCheck[] };

/** One device of one method, asked for `status` from one node. */
export interface DeviceCheck {
  readonly method: number;
  readonly methodName: string;
  readonly device: number;
  readonly deviceName: string;
  readonly agent: string;
  readonly power: "on" | "off" | "unknown";
  readonly ok: boolean;
  readonly detail: string;
  readonly tookMs: number;
}
