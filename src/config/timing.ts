/** How long one run of an agent may take, from the parameters that the configuration gives it. */
import { AGENT_TIMEOUT_MS } from "../core/config.ts";
import type { Millis } from "../core/ids.ts";
import { DELAY_SECONDS_MAX } from "./limits.ts";

export interface AgentTiming {
  readonly delayMs: Millis;
  readonly budgetMs: Millis;
}

/**
 * What the agents use for a timeout that is not configured. Source: option defaults of fence-agents.
 * `power_timeout` is a number of polls, not of seconds: a pause of 1 s and the query itself.
 */
const TIMEOUT_DEFAULTS: Readonly<Record<string, number>> = {
  login_timeout: 5,
  shell_timeout: 3,
  power_timeout: 20,
  power_wait: 0,
};

const POLL_MS = 1_200;

/** Starting an interpreter, closing sessions, the first query of the power. */
const MARGIN_MS = 10_000;

/** However small the timeouts: an agent in Python on a loaded host needs this. */
export const BUDGET_MS_MIN = 15_000;

/** However large: a method that takes longer keeps the next one from being tried. */
export const BUDGET_MS_MAX = 10 * 60_000;

export const TIMING_NAMES: readonly string[] = ["delay", ...Object.keys(TIMEOUT_DEFAULTS)];

/**
 * Without any configured timeout the budget is the default for all agents; with one it is the sum of
 * all of them and a margin, within bounds. The agent's own delay comes on top of either.
 *
 * @param seconds configured values by parameter name; 0 for a timeout is no limit to the agent, and
 *   the default here
 */
export function agentTiming(seconds: ReadonlyMap<string, number>): AgentTiming {
  const delayMs = Math.min(seconds.get("delay") ?? 0, DELAY_SECONDS_MAX) * 1_000;
  let sumMs = MARGIN_MS;
  let isConfigured = false;
  for (const [name, fallback] of Object.entries(TIMEOUT_DEFAULTS)) {
    const configured = seconds.get(name);
    if (configured !== undefined) isConfigured = true;
    const value = configured === undefined || configured === 0 ? fallback : configured;
    sumMs += value * (name === "power_timeout" ? POLL_MS : 1_000);
  }
  const runMs = isConfigured ? Math.min(Math.max(sumMs, BUDGET_MS_MIN), BUDGET_MS_MAX) : AGENT_TIMEOUT_MS;
  return { delayMs, budgetMs: runMs + delayMs };
}
