/** How long things take in a trial: assumptions, each with its source, shown with every result. */
import type { ClusterConfig } from "../../core/config.ts";
import type { Millis } from "../../core/ids.ts";

export interface Timing {
  /** From a node's last word until the others have given it up. */
  readonly detectMs: Millis;
  /** One `off` or `on` of an agent. */
  readonly agentMs: Millis;
  readonly readMs: Millis;
  /** From power on to the daemon's start. */
  readonly bootMs: Millis;
}

/** Corosync's defaults. Source: corosync.conf(5), `token`, `token_coefficient`, `consensus`. */
const TOKEN_MS = 3_000;
const TOKEN_COEFFICIENT_MS = 650;
const CONSENSUS_FACTOR = 1.2;

/** What a controller of a server usually takes; `bouncer check` measures yours. */
const AGENT_MS = 5_000;
const READ_MS = 1_000;
const BOOT_MS = 120_000;

/** @param tokenMs the `token` of the configuration, when it names one */
export function timingOf(config: ClusterConfig, tokenMs?: Millis): Timing {
  const token = tokenMs ?? TOKEN_MS + Math.max(0, config.nodes.length - 2) * TOKEN_COEFFICIENT_MS;
  return {
    detectMs: Math.round(token * (1 + CONSENSUS_FACTOR)),
    agentMs: AGENT_MS,
    readMs: READ_MS,
    bootMs: BOOT_MS,
  };
}

/** Everything that a freeze can take when nobody helps: past it, only a person ends it. */
export function boundOf({ nodes, fenceDaemon }: ClusterConfig, timing: Timing): Millis {
  const lines = nodes.map((node) => node.methods.flatMap((method) => method.devices));
  const perRound = Math.max(
    0,
    ...lines.map((uses) => uses.reduce((sum, use) => sum + use.budgetMs + 2 * timing.agentMs + 15_000, 0)),
  );
  const delays = Math.max(0, fenceDaemon.postJoinDelayMs) + Math.max(0, fenceDaemon.postFailDelayMs);
  const rounds = 2 * Math.max(1, nodes.length - 1);
  const hold = delays + fenceDaemon.daemonRestartGraceMs + timing.detectMs + timing.bootMs;
  return hold + rounds * (perRound + fenceDaemon.overrideTimeMs) + 60_000;
}
