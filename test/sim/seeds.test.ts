/** A few hundred seeds in every run. Fixed, so that a failure is the change's and not the day's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PROFILES } from "../../src/sim/fuzz/faults.ts";
import { drawPlan } from "../../src/sim/fuzz/plan.ts";
import { runPlan } from "../../src/sim/fuzz/run.ts";

const SEEDS = 25;

for (const profile of Object.keys(PROFILES)) {
  test(`every promise holds: ${profile}`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { failure } = runPlan(drawPlan(seed, profile));
      assert.equal(
        failure?.detail,
        undefined,
        `npm run sim -- --seed ${seed} --profile ${profile} --verbose`,
      );
    }
  });
}

test("one seed decides everything", () => {
  const play = (): readonly string[] => {
    const lines: string[] = [];
    runPlan(drawPlan(29, "everything"), { say: (at, source, text) => lines.push(`${at} ${source} ${text}`) });
    return lines;
  };
  const first = play();
  assert.ok(first.length > 50);
  assert.deepEqual(play(), first);
});
