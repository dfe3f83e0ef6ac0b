/** When a device is looked at: by all members in turn, never by two at once. */
import type { Millis } from "../ids.ts";

/** Units: ms. After a start everything is looked at within this time, so that soon something is known. */
const FIRST_ROUND_MS: Millis = 5_000;
/** Units: ms. Bounds of one look, whatever the interval; a slow card needs some seconds. */
const BUDGET_MS_MIN: Millis = 1_500;
const BUDGET_MS_MAX: Millis = 15_000;

export interface Place {
  /** Position of this member among the members, and how many there are. */
  readonly executor: number;
  readonly executors: number;
  /** Position of the device among those that this member looks at, and how many there are. */
  readonly line: number;
  readonly lines: number;
}

/**
 * Where in the interval a member looks at a device. Members count from the last view, which reaches all
 * of them at about the same moment: no clocks are compared. Each member has a part of the interval to
 * itself, in which its devices follow one another.
 */
export function offsetOf({ executor, executors, line, lines }: Place, intervalMs: Millis): Millis {
  const part = intervalMs / Math.max(1, executors);
  return Math.round(part * executor + (part * line) / Math.max(1, lines));
}

/** The first instant of `origin + offset + n × interval` that is not before `notBefore`. */
export function slotFrom(origin: Millis, offset: Millis, intervalMs: Millis, notBefore: Millis): Millis {
  const first = origin + offset;
  if (first >= notBefore) return first;
  return first + Math.ceil((notBefore - first) / intervalMs) * intervalMs;
}

/** Of a device that was never looked at: the same order, in a shorter time. */
export function firstLookAt(now: Millis, offset: Millis, intervalMs: Millis): Millis {
  const round = Math.min(intervalMs, FIRST_ROUND_MS);
  return now + Math.round((offset / intervalMs) * round);
}

/**
 * Of one that was: its slot, but not one that follows at once. Slots move with every view, so the wait
 * is at most an interval and a quarter.
 */
export function nextLookAt(lookedAt: Millis, origin: Millis, offset: Millis, intervalMs: Millis): Millis {
  return slotFrom(origin, offset, intervalMs, lookedAt + intervalMs / 4);
}

/** Pause before a failure is looked at once more: two looks, and all within the second interval. */
export function secondLookMs(intervalMs: Millis): Millis {
  return intervalMs / 4;
}

export function lookBudgetMs(intervalMs: Millis, runBudgetMs: Millis): Millis {
  return Math.min(runBudgetMs, Math.max(BUDGET_MS_MIN, Math.min(BUDGET_MS_MAX, intervalMs / 4)));
}
