/** From a failing plan to the smallest story that still breaks the same promise. */
import type { Step } from "./faults.ts";
import type { Plan } from "./plan.ts";
import { type Failure, runPlan } from "./run.ts";

/** Plays of one shrinking. What is small by then is small enough. */
const PLAYS_MAX = 600;

/** Leaves steps out; their time passes all the same. */
function without(steps: readonly Step[], from: number, count: number): readonly Step[] {
  const kept: Step[] = [];
  let owed = 0;
  steps.forEach((step, index) => {
    if (index >= from && index < from + count) {
      owed += step.afterMs;
      return;
    }
    kept.push(owed === 0 ? step : { ...step, afterMs: step.afterMs + owed });
    owed = 0;
  });
  return kept;
}

function rounded(step: Step): Step {
  const unit = step.afterMs >= 10_000 ? 1_000 : step.afterMs >= 100 ? 100 : 1;
  return { ...step, afterMs: Math.round(step.afterMs / unit) * unit };
}

export function shrink(plan: Plan, failure: Failure): Plan {
  let best = plan;
  let plays = 0;
  const fails = (candidate: Plan): boolean =>
    plays++ < PLAYS_MAX && runPlan(candidate).failure?.promise === failure.promise;
  const accept = (candidate: Plan): boolean => {
    if (!fails(candidate)) return false;
    best = candidate;
    return true;
  };

  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.steps.length && plays < PLAYS_MAX; ) {
      if (!accept({ ...best, steps: without(best.steps, from, size) })) from += size;
    }
  }
  for (const word of best.cluster.split(" ")) {
    if (word === "cluster" || /^(nodes|seed|restarts)=/.test(word)) continue;
    accept({ ...best, cluster: best.cluster.replace(` ${word}`, "") });
  }
  best.steps.forEach((step, index) => {
    const shorter = { ...step, afterMs: 0 };
    if (step.afterMs > 0 && accept({ ...best, steps: best.steps.with(index, shorter) })) return;
    accept({ ...best, steps: best.steps.with(index, rounded(step)) });
  });
  return best;
}
