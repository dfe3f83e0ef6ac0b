/** Whose end of time it was: the deadline's, or somebody's who called the action off. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { limited } from "../frame/pace.ts";
import { firing, within } from "./limit.ts";

const BUDGET_MS = 10_000;

/** What is said of a step that waits for ever, after `end`. Timers are early: the clock stands still meanwhile. */
async function saidAfter(t: TestContext, end: (caller: AbortController) => void): Promise<string> {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const caller = new AbortController();
  const deadline = performance.now() + BUDGET_MS;
  const { context, release } = limited({ signal: caller.signal, deadline, identity: "skip" });
  const said = within(2 * BUDGET_MS, context, async (limit) => {
    await firing(limit.signal).fired;
    return limit.problem("an answer").problem.kind;
  });
  end(caller);
  return said.finally(release);
}

test("a deadline that fires early is a timeout", async (t) => {
  assert.equal(await saidAfter(t, () => t.mock.timers.tick(BUDGET_MS)), "timeout");
});

test("whoever calls it off before is named", async (t) => {
  assert.equal(await saidAfter(t, (caller) => caller.abort()), "cancelled");
});
