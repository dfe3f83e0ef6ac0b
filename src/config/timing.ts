/** How long one run of an agent may take, from the parameters that the configuration gives it. */
import { AGENT_TIMEOUT_MS } from "../core/config.ts";
import type { Millis } from "../core/ids.ts";
import { DELAY_SECONDS_MAX } from "./limits.ts";

export interface AgentTiming {
  readonly delayMs: Millis;
  readonly budgetMs: Millis;
}

/** What agents use for a timeout that is not configured. Source: option defaults of fence-agents. */
const TIMEOUT_DEFAULTS: ReadonlyMap<string, number> = new Map([
  ["login_timeout", 5],
  ["shell_timeout", 3],
  ["power_timeout", 20],
  ["power_wait", 0],
]);

/** `power_timeout` counts polls, not seconds: a pause of 1 s and the query itself. */
const POLL_MS = 1_200;

/** However small the timeouts: an agent in Python on a loaded host needs this. */
export const BUDGET_MS_MIN = 15_000;

/** However large: a method that takes longer keeps the next one from being tried. */
export const BUDGET_MS_MAX = 10 * 60_000;

export const TIMING_NAMES: readonly string[] = ["delay", ...TIMEOUT_DEFAULTS.keys()];

const NOTHING_CONFIGURED: ReadonlyMap<string, number> = new Map();

/**
 * The agent's timeouts summed, times a factor for slow hosts and slow BMCs. The factor is such that an
 * agent with its own defaults gets {@link AGENT_TIMEOUT_MS}; so whoever raises a timeout gets more, and
 * whoever lowers it gets less. The agent's own delay comes on top.
 *
 * @param seconds configured values by parameter name; 0 for a timeout means no limit to the agent, and
 *   the default here
 */
export function agentTiming(seconds: ReadonlyMap<string, number>): AgentTiming {
  const delayMs = Math.min(seconds.get("delay") ?? 0, DELAY_SECONDS_MAX) * 1_000;
  const runMs = uncutRunMs(seconds);
  return { delayMs, budgetMs: Math.min(Math.max(runMs, BUDGET_MS_MIN), BUDGET_MS_MAX) + delayMs };
}

/** What the timeouts ask for, before it is brought between the two limits. */
export function uncutRunMs(seconds: ReadonlyMap<string, number>): Millis {
  return Math.round((AGENT_TIMEOUT_MS * timeoutsSum(seconds)) / timeoutsSum(NOTHING_CONFIGURED));
}

function timeoutsSum(seconds: ReadonlyMap<string, number>): Millis {
  let sumMs = 0;
  for (const [name, fallback] of TIMEOUT_DEFAULTS) {
    const configured = seconds.get(name) ?? 0;
    const value = configured === 0 ? fallback : configured;
    sumMs += value * (name === "power_timeout" ? POLL_MS : 1_000);
  }
  return sumMs;
}
