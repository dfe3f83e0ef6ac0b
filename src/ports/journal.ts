/** What must survive: epochs, departures, incidents. Implementation: adapters/journal (SQLite). */
import type { ConfigStamp } from "../core/configuration/stamp.ts";
import type { NodeId } from "../core/ids.ts";
import type { DurableState, EpochRecord, Incident } from "../core/ledger.ts";

/**
 * Order: calls are carried out one after another, off the daemon's main thread: a hung disk delays
 * the promises and nothing else. A call never throws synchronously.
 */
export interface Journal {
  /** Read once at start. Rejects with an OperationError that names the file and what to do. */
  load(): Promise<DurableState>;
  /**
   * Makes it this node's, for good. Rejects with `JNL_FOREIGN` when it is another one's, as after copying a
   * machine: one memory must not count as two.
   */
  claim(node: { readonly id: NodeId; readonly name: string }): Promise<void>;
  /**
   * Resolves when the record is on disk (fsync), with the text of its configuration unless that is there
   * already. Rejects when the disk refuses; then neither is.
   */
  saveEpoch(epoch: EpochRecord, text?: Uint8Array): Promise<void>;
  /** Which configurations were activated: those of the list, and the older ones that are there. */
  saveConfigs(configs: readonly ConfigStamp[]): Promise<void>;
  /** The text with that digest; undefined when this node never had it on its disk. */
  configText(digest: string): Promise<Uint8Array | undefined>;
  /** Activated configurations, the newest first. */
  configs(query: { readonly limit: number }): Promise<readonly ConfigStamp[]>;
  /** Appends; a record whose `seq` and `hash` are already there is skipped. */
  appendIncidents(incidents: readonly Incident[]): Promise<void>;
  /**
   * Makes the tail from the first of `incidents` on equal to them (after a snapshot). Records
   * that are replaced go to a side table, nothing is deleted.
   */
  adoptIncidents(incidents: readonly Incident[]): Promise<void>;
  /** Newest first. */
  history(query: { readonly limit: number; readonly before?: number }): Promise<readonly Incident[]>;
  close(): Promise<void>;
}
