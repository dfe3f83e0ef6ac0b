/** How long a victim is left alone before the first shot. Source: docs/protocol.md, "Delays". */
import { type ClusterConfig, nodeById } from "../config.ts";
import type { Millis, NodeId } from "../ids.ts";
import type { Victim } from "../ledger.ts";
import type { State } from "../state.ts";

/** Head start of the lower node id when two nodes lose sight of one another. */
export const TWO_NODE_DELAY_MS: Millis = 2_000;

export interface Hold {
  /** `Infinity`: wait for ever. */
  readonly ms: Millis;
  /** For people: which setting it comes from. */
  readonly why: string;
}

const FOR_EVER = "it is never fenced by itself";

/** Why nobody begins with it unless a person says so; a delay that was begun stays the same delay. */
export function whyForEver(state: State, victim: Victim): string | undefined {
  if (victim.begun || victim.stage === "stuck") return undefined;
  if (victim.reason.endsWith(FOR_EVER)) return victim.reason;
  const { ms, why } = holdFor(state, victim);
  return Number.isFinite(ms) ? undefined : why;
}

function devicesDelay(config: ClusterConfig): boolean {
  return config.nodes.some((node) =>
    node.methods.some((method) => method.devices.some((use) => use.delayMs > 0)),
  );
}

/** What the one of two nodes with the higher id gives the other. Devices with a delay do that themselves. */
export function headStartMs(config: ClusterConfig, shooter: NodeId, victim: NodeId): Millis {
  return config.twoNode && shooter > victim && !devicesDelay(config) ? TWO_NODE_DELAY_MS : 0;
}

export function holdFor(state: State, victim: Victim): Hold {
  const { postJoinDelayMs, postFailDelayMs } = state.config.fenceDaemon;
  const joining = state.ring?.gained === true || victim.cause === "unknown since start";
  const [ms, setting] = joining ? [postJoinDelayMs, "post_join_delay"] : [postFailDelayMs, "post_fail_delay"];
  if (ms < 0) return { ms: Number.POSITIVE_INFINITY, why: `${setting} is -1: ${FOR_EVER}` };
  const extra = headStartMs(state.config, state.nodeId, victim.node);
  const why = `${setting} is ${ms / 1000} s${extra > 0 ? `, and ${extra / 1000} s more because of two_node` : ""}`;
  return { ms: ms + extra, why };
}

/** Does the configuration know any way to fence the node? */
export function hasMethod(state: State, node: NodeId): boolean {
  return (nodeById(state.config, node)?.methods ?? []).some((method) => method.devices.length > 0);
}
