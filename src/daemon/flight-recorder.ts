/**
 * The last inputs and what the core decided on each: a bug report that can be replayed (replay.ts).
 * Holds references to immutable values, no copies: recording costs nothing, writing happens when asked.
 */
import type { Effect } from "../core/effects.ts";
import type { Now } from "../core/ids.ts";
import type { Boot, Input } from "../core/inputs.ts";
import type { State, Transition } from "../core/state.ts";
import { formatFlightJson } from "./flight-json.ts";

/** Inputs of one segment; two segments are kept. */
export const SEGMENT_INPUTS_MAX = 2_000;
/** Units: bytes of payload. A segment full of snapshots ends earlier. */
export const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;

/** One line of a flight record. `state` appears when the beginning fell out of the ring. */
export type FlightLine =
  | {
      readonly type: "boot";
      readonly format: 1;
      readonly boot: Boot;
      readonly now: Now;
      readonly effects: readonly Effect[];
    }
  | { readonly type: "state"; readonly skipped: number; readonly state: State }
  | {
      readonly type: "input";
      readonly now: Now;
      readonly input: Input;
      readonly effects?: readonly Effect[];
    };

interface Entry {
  readonly now: Now;
  readonly input: Input;
  /** Absent: `step` never returned. */
  effects?: readonly Effect[];
}

interface Segment {
  /** State before the first entry; absent: the state that `boot` leads to. */
  readonly before?: State;
  readonly entries: Entry[];
  bytes: number;
}

export interface FlightRecorder {
  record(input: Input, now: Now, before: State): { done(effects: readonly Effect[]): void };
  /** Tells how long the message on the wire was that becomes the next input. */
  weigh(bytes: number): void;
  lines(): string[];
}

export function createFlightRecorder(boot: Boot, now: Now, first: Transition): FlightRecorder {
  let older: Segment | undefined;
  let current: Segment = { entries: [], bytes: 0 };
  let skipped = 0;
  let nextBytes = 0;

  return {
    weigh(bytes) {
      nextBytes = bytes;
    },
    record(input, at, before) {
      if (current.entries.length >= SEGMENT_INPUTS_MAX || current.bytes >= SEGMENT_BYTES_MAX) {
        skipped += older?.entries.length ?? 0;
        older = current;
        current = { before, entries: [], bytes: 0 };
      }
      const entry: Entry = { now: at, input };
      current.entries.push(entry);
      current.bytes += nextBytes;
      nextBytes = 0;
      return {
        done(effects) {
          entry.effects = effects;
        },
      };
    },
    lines() {
      const start = older ?? current;
      const head: FlightLine[] = [{ type: "boot", format: 1, boot, now, effects: first.effects }];
      if (start.before !== undefined) head.push({ type: "state", skipped, state: start.before });
      const entries = [...(older?.entries ?? []), ...current.entries];
      return [...head, ...entries.map((entry): FlightLine => ({ type: "input", ...entry }))].map(
        formatFlightJson,
      );
    },
  };
}

/** Flight records kept in the state directory; the oldest goes. */
export const FLIGHTS_KEPT = 8;

/** `flight-<time>.ndjson`. */
export function flightName(at: Date): string {
  return `flight-${at.toISOString().replaceAll(/[:.]/g, "-")}.ndjson`;
}
