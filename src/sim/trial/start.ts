/** The beginning of every trial: the configured cluster, healthy and at work. */
import type { ClusterConfig } from "../../core/config.ts";
import type { Millis, NodeId } from "../../core/ids.ts";
import { sameIncarnation } from "../../core/ids.ts";
import { byNode } from "../../core/turn.ts";
import { assumedTraits } from "../known-agents.ts";
import { createWorld, type World } from "../world.ts";
import { isUp } from "./sight.ts";
import type { Timing } from "./timing.ts";

/** Between a latent fault and the others. */
export const LATENT_MS: Millis = 5_000;
const LOOK_MS: Millis = 1_000;

/** What a trial tells while it runs. Times: ms since the first fault that is not latent. */
export interface Watchers {
  readonly say?: (atMs: Millis, source: string, text: string, code?: string) => void;
  readonly onGate?: (atMs: Millis, node: NodeId, gate: "open" | "held") => void;
}

export interface Started {
  readonly world: World;
  /** Ms since the faults. */
  readonly atMs: () => Millis;
}

function isWhole(world: World): boolean {
  return [...world.nodes.values()].every(
    (node) =>
      node.core?.gate.open === true &&
      [...world.nodes.values()].every((other) =>
        sameIncarnation(byNode(node.core?.ledger.epoch.members ?? [], other.id), other.incarnation),
      ),
  );
}

/** A healthy cluster: every node is up, writes, and uses the storage; those who are `away` left and are off. */
export function startTrial(
  config: ClusterConfig,
  timing: Timing,
  { away = [], ...watchers }: Watchers & { readonly away?: readonly NodeId[] },
): Started {
  let zero: Millis | undefined;
  const since = (): Millis => world.now() - (zero ?? world.now());
  const world: World = createWorld({
    config,
    traits: assumedTraits(config),
    tokenMs: timing.detectMs,
    agentMs: timing.agentMs,
    readMs: timing.readMs,
    bootMs: timing.bootMs,
    say: (source, text, code) => {
      if (zero !== undefined) watchers.say?.(since(), source, text, code);
    },
    onGate: (node, gate) => {
      // Of a machine that is off or stands still nobody would say that it holds back.
      const one = world.nodes.get(node);
      const counts = gate === "open" || (one !== undefined && isUp(one));
      if (zero !== undefined && counts) watchers.onGate?.(since(), node, gate);
    },
  });
  const ids = [...world.nodes.keys()];
  for (const node of ids) world.power(node, "on");
  const { postJoinDelayMs } = config.fenceDaemon;
  const until = timing.bootMs + 2 * timing.detectMs + Math.max(0, postJoinDelayMs) + 60_000;
  while (!isWhole(world) && world.now() < until) world.run(LOOK_MS);
  if (!isWhole(world))
    throw new Error("even without any fault not every node of this cluster comes to write");
  for (const node of ids) if (!away.includes(node)) world.uses(node, true);
  if (away.length > 0) leaveCleanly(world, away, timing);
  zero = world.now() + LATENT_MS;
  return { world, atMs: since };
}

function leaveCleanly(world: World, nodes: readonly NodeId[], timing: Timing): void {
  for (const node of nodes) world.request(node, { type: "leave" });
  world.run(LATENT_MS);
  for (const node of nodes) world.power(node, "off");
  world.run(2 * timing.detectMs + LATENT_MS);
}
