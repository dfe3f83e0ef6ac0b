/** What the journal and its worker thread say to one another. */
import type { ConfigStamp } from "../../core/configuration/stamp.ts";
import type { ErrorCode } from "../../core/errors.ts";
import type { NodeId } from "../../core/ids.ts";
import type { DurableState, EpochRecord, Incident } from "../../core/ledger.ts";

export type JournalJob =
  | { readonly type: "load" }
  | { readonly type: "claim"; readonly node: NodeId; readonly name: string }
  | { readonly type: "save-epoch"; readonly epoch: EpochRecord; readonly text?: Uint8Array }
  | { readonly type: "save-configs"; readonly configs: readonly ConfigStamp[] }
  | { readonly type: "config-text"; readonly digest: string }
  | { readonly type: "configs"; readonly limit: number }
  | { readonly type: "append"; readonly incidents: readonly Incident[] }
  | { readonly type: "adopt"; readonly incidents: readonly Incident[] }
  | { readonly type: "history"; readonly limit: number; readonly before?: number }
  /** Writes a whole file of the state directory (the flight record), atomically. */
  | {
      readonly type: "write-file";
      readonly name: string;
      readonly lines: readonly string[];
      readonly keep: number;
    }
  | { readonly type: "close" };

export interface Loaded {
  readonly state: DurableState;
  /** Sentences about what was found damaged and put aside. */
  readonly notices: readonly string[];
}

export type JournalAnswer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode; readonly detail: string };

export interface JournalCall {
  readonly id: number;
  readonly job: JournalJob;
}
