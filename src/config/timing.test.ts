import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AGENT_TIMEOUT_MS } from "../core/config.ts";
import { agentTiming, BUDGET_MS_MAX, BUDGET_MS_MIN } from "./timing.ts";

/** What the agents' own defaults add up to: 5 s login, 3 s shell, 20 polls of 1.2 s. */
const DEFAULTS_SUM_MS = 32_000;

function budgetOf(seconds: Readonly<Record<string, number>>): number {
  return agentTiming(new Map(Object.entries(seconds))).budgetMs;
}

test("nothing configured, or the defaults written out: the default for all agents", () => {
  assert.deepEqual(agentTiming(new Map()), { delayMs: 0, budgetMs: AGENT_TIMEOUT_MS });
  assert.equal(
    budgetOf({ login_timeout: 5, shell_timeout: 3, power_timeout: 20, power_wait: 0 }),
    AGENT_TIMEOUT_MS,
  );
});

test("the agent's own delay comes on top", () => {
  const timing = agentTiming(new Map([["delay", 5]]));
  assert.deepEqual(timing, { delayMs: 5_000, budgetMs: AGENT_TIMEOUT_MS + 5_000 });
});

test("in proportion to the timeouts, polls at 1.2 s", () => {
  const sumMs = DEFAULTS_SUM_MS + 30 * 1_200 + 4_000;
  const expected = (AGENT_TIMEOUT_MS * sumMs) / DEFAULTS_SUM_MS;
  assert.equal(budgetOf({ power_timeout: 50, power_wait: 4, delay: 3 }), expected + 3_000);
});

test("0 is no limit to an agent; the budget keeps one", () => {
  assert.equal(budgetOf({ power_timeout: 0, login_timeout: 0 }), AGENT_TIMEOUT_MS);
});

test("never too short to start an agent, never so long that the next method waits for ever", () => {
  assert.equal(budgetOf({ power_timeout: 1, login_timeout: 1, shell_timeout: 1 }), BUDGET_MS_MIN);
  assert.equal(budgetOf({ power_timeout: 86_400 }), BUDGET_MS_MAX);
});

test("a longer timeout never means a shorter budget", () => {
  const name = fc.constantFrom("login_timeout", "shell_timeout", "power_timeout", "power_wait");
  const value = fc.integer({ min: 1, max: 2_000 });
  fc.assert(
    fc.property(fc.dictionary(name, value), name, value, value, (base, changed, a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      assert.ok(budgetOf({ ...base, [changed]: less }) <= budgetOf({ ...base, [changed]: more }));
    }),
    { numRuns: 200 },
  );
});
