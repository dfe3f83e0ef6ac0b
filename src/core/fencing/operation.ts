/**
 * One executor's work on one victim: walk the methods, the devices, the reads. Lives on the
 * executor only; what the others know of it came by message.
 */
import type { AgentTraits, ClusterConfig } from "../config.ts";
import type { Incarnation, Millis, NodeId } from "../ids.ts";
import type { Evidence, FenceStep } from "../ledger.ts";
import type { PlanStep } from "./plan.ts";

/** Two reads of *off* must be at least this far apart to be two. */
export const READ_APART_MS: Millis = 100;
/** How long a device that said "done" may take until it reads off. */
export const READ_WINDOW_MS: Millis = 5_000;
/** Longest wait for the gate before a fenced machine is switched on again. */
export const SWITCH_ON_MS: Millis = 2_000;
/**
 * What an operation that was averted has switched off is switched on again after this: by then its
 * loss was noticed, and whoever is a victim for it is proven off first. More than any token's time.
 */
export const AVERTED_ON_MS: Millis = 15_000;
/** Pause between two reads that did not say off. */
export const READ_RETRY_MS: Millis = 500;
/** Steps kept per attempt and per incident. */
export const STEPS_MAX = 24;

/** The result of an attempt, as it goes to everybody. */
export interface Outcome {
  readonly ok: boolean;
  readonly reason: string;
}

export interface Operation {
  /** What it began with: positions of methods and devices are its. Absent: it waits for what is in force. */
  readonly config?: ClusterConfig;
  readonly traits: readonly AgentTraits[];
  readonly node: NodeId;
  readonly incarnation?: Incarnation;
  readonly attempt: number;
  /** Position in the node's methods. */
  readonly method: number;
  /** Steps of the present method that are still to be done, the present one first. */
  readonly todo: readonly PlanStep[];
  readonly after: readonly PlanStep[];
  /** Whether the present method's proof will be read back on every line. */
  readonly readBack: boolean;
  /** The agent run that is awaited; absent while waiting for `pauseUntil` or when finished. */
  readonly opId?: number;
  readonly pauseUntil?: Millis;
  /** The agent failed to switch off; one read decides whether it is off all the same. */
  readonly doubt?: string;
  /** Reads of *off* in a row at the present device. */
  readonly offReads: number;
  /** When the present device's reads began. */
  readonly readingSince?: Millis;
  readonly steps: readonly FenceStep[];
  readonly evidence: readonly Evidence[];
  /** Last failure of each method, for the reason. */
  readonly failures: readonly string[];
  readonly outcome?: Outcome;
  /** The result was delivered; from here on only `after` is left to do. */
  readonly reported: boolean;
}
