/** Two configurations, the same failures: which of them end otherwise afterwards. Pure. */
import type { Millis } from "../../core/ids.ts";
import type { CoverageRow } from "./coverage.ts";
import type { Outcome } from "./trial.ts";

export interface Turned {
  /** In plain words, e.g. `tpve03 falls silent`. */
  readonly text: string;
  readonly turn: "worse" | "better";
  readonly now: Outcome;
  /** Absent: such a failure was not possible before. */
  readonly was?: Outcome;
}

/** Smaller differences are the simulation's own rounding. Units: ms. */
const HELD_MS_MIN: Millis = 1_000;

/** Shape: in the order of `after`. A failure that was not possible before counts when it freezes. */
export function compareRows(
  before: readonly CoverageRow[],
  after: readonly CoverageRow[],
): readonly Turned[] {
  const old = new Map(before.map((row) => [row.text, row.outcome]));
  return after.flatMap(({ text, outcome: now }): Turned[] => {
    const was = old.get(text);
    if (was === undefined) return now.verdict === "freezes" ? [{ text, turn: "worse", now }] : [];
    if (isSame(was, now)) return [];
    return [{ text, turn: badness(now) < badness(was) ? "better" : "worse", now, was }];
  });
}

function isSame(was: Outcome, now: Outcome): boolean {
  if (was.verdict !== now.verdict) return false;
  return now.verdict === "freezes" || Math.abs(was.heldMs - now.heldMs) < HELD_MS_MIN;
}

function badness({ verdict, heldMs }: Outcome): number {
  if (verdict === "freezes") return Number.POSITIVE_INFINITY;
  return verdict === "ends" ? heldMs : 0;
}
