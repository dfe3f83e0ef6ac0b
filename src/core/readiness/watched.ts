/** Which devices a member looks at. */
import { type AgentTraits, type ClusterConfig, type DeviceUse, nodeById } from "../config.ts";
import { canRead } from "../fencing/plan.ts";
import type { NodeId } from "../ids.ts";
import { type Watched, watchedKey } from "./types.ts";

/**
 * Every device of every other node, each once however many lines name it. Left out: agents that cannot
 * read the power, of which nothing can be known before the shot.
 */
export function watchedBy(
  self: NodeId,
  config: ClusterConfig,
  traits: readonly AgentTraits[],
): ReadonlyMap<string, Watched> {
  const all = new Map<string, Watched>();
  for (const { id: node, methods } of config.nodes) {
    if (node === self) continue;
    methods.forEach(({ devices }, method) => {
      devices.forEach((use, device) => {
        const watched = watchedOf(node, use, method, device);
        const key = watchedKey(watched);
        if (canRead(use, traits) && !all.has(key)) all.set(key, watched);
      });
    });
  }
  return all;
}

function watchedOf(node: NodeId, use: DeviceUse, method: number, device: number): Watched {
  const { device: deviceName, plug, agent, budgetMs } = use;
  return { node, deviceName, plug, agent, method, device, budgetMs };
}

/** Keys of the devices of one method, each once. */
export function keysOfMethod(config: ClusterConfig, node: NodeId, method: number): readonly string[] {
  const devices = nodeById(config, node)?.methods[method]?.devices ?? [];
  return [...new Set(devices.map(({ device, plug }) => watchedKey({ node, deviceName: device, plug })))];
}
