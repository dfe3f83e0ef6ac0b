/** What the workers of `npm run sim` are asked, and what they answer. */
import { drawPlan } from "../sim/fuzz/plan.ts";
import { type Failure, runPlan } from "../sim/fuzz/run.ts";

export interface Task {
  readonly profile: string;
  readonly first: number;
  readonly count: number;
}

export interface SeedFailure {
  readonly seed: number;
  readonly failure: Failure;
}

export interface Result {
  readonly seeds: number;
  readonly simulatedMs: number;
  readonly reached: readonly string[];
  readonly failures: readonly SeedFailure[];
}

/** Failures of one task that are kept; the rest are counted by being run again. */
const FAILURES_MAX = 100;

export function work({ profile, first, count }: Task): Result {
  const reached = new Set<string>();
  const failures: SeedFailure[] = [];
  let simulatedMs = 0;
  for (let seed = first; seed < first + count; seed++) {
    const run = runPlan(drawPlan(seed, profile), { reached: (rule) => reached.add(rule) });
    simulatedMs += run.simulatedMs;
    if (run.failure !== undefined && failures.length < FAILURES_MAX) {
      failures.push({ seed, failure: run.failure });
    }
  }
  return { seeds: count, simulatedMs, reached: [...reached], failures };
}
