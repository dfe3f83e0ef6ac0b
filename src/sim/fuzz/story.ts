/** A plan as a scenario file: the same words, so that a found failure can be kept as it is. */
import type { Plan } from "./plan.ts";
import { LAST_LOOK_MS } from "./run.ts";

function wait(ms: number): readonly string[] {
  return ms <= 0 ? [] : [`run ${ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`}`];
}

/** `claim` says what should hold, in one line. */
export function storyOf(plan: Plan, claim: string): string {
  const lines = plan.steps.flatMap((step) => [...wait(step.afterMs), step.command]);
  return [`# ${claim}`, "", `${plan.cluster} story=no`, ...lines, ...wait(LAST_LOOK_MS), "heal-all", ""].join(
    "\n",
  );
}
