import assert from "node:assert/strict";
import { test } from "node:test";
import { AGENT_TIMEOUT_MS } from "../core/config.ts";
import { agentTiming, BUDGET_MS_MAX, BUDGET_MS_MIN } from "./timing.ts";

test("nothing configured: the default for all agents", () => {
  assert.deepEqual(agentTiming(new Map()), { delayMs: 0, budgetMs: AGENT_TIMEOUT_MS });
});

test("the agent's own delay comes on top", () => {
  assert.deepEqual(agentTiming(new Map([["delay", 5]])), {
    delayMs: 5_000,
    budgetMs: AGENT_TIMEOUT_MS + 5_000,
  });
});

test("configured timeouts are summed with the agents' defaults for the others, polls at 1.2 s", () => {
  const { budgetMs } = agentTiming(
    new Map([
      ["power_timeout", 50],
      ["power_wait", 4],
      ["delay", 3],
    ]),
  );
  assert.equal(budgetMs, 10_000 + 5_000 + 3_000 + 60_000 + 4_000 + 3_000);
});

test("0 is no limit to an agent; the budget keeps one", () => {
  assert.equal(agentTiming(new Map([["power_timeout", 0]])).budgetMs, 10_000 + 5_000 + 3_000 + 24_000);
});

test("never too short to start an agent, never so long that the next method waits for ever", () => {
  const tiny = new Map([
    ["power_timeout", 1],
    ["login_timeout", 1],
    ["shell_timeout", 1],
  ]);
  assert.equal(agentTiming(tiny).budgetMs, BUDGET_MS_MIN);
  assert.equal(agentTiming(new Map([["power_timeout", 86_400]])).budgetMs, BUDGET_MS_MAX);
});
