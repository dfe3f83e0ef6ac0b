/** The state of one daemon's core: the replicated ledger, and what only this daemon knows. */
import type { Effect } from "./effects.ts";

/** What one input led to. Effects are performed in order. */
export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Opaque outside src/core; only read through `view/status.ts`. */
export interface State {
  readonly placeholder?: never;
}
