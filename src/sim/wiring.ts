/**
 * Which fence device acts on which machine, as far as the configuration tells: two outlets of one
 * method feed one node, one outlet that two nodes name switches both, a fabric agent cuts a node off
 * from the storage and leaves its power alone.
 */
import type { ClusterConfig, DeviceUse } from "../core/config.ts";
import type { NodeId } from "../core/ids.ts";
import { kindOfAgent } from "./known-agents.ts";

/** One thing that can be switched: a device, or one plug of it. */
export function outletOf(use: DeviceUse): string {
  return use.plug === "" ? use.device : `${use.device} ${use.plug}`;
}

export interface Wiring {
  /** Outlets that feed the node together; empty: whatever switches it, switches all of it. */
  suppliesOf(node: NodeId): ReadonlySet<string>;
  /** Nodes that name the outlet, the first in the file first. */
  nodesAt(outlet: string): readonly NodeId[];
}

const cache = new WeakMap<ClusterConfig, Wiring>();

export function wiringOf(config: ClusterConfig): Wiring {
  const known = cache.get(config);
  if (known !== undefined) return known;
  const wiring = readWiring(config);
  cache.set(config, wiring);
  return wiring;
}

function readWiring(config: ClusterConfig): Wiring {
  const supplies = new Map<NodeId, ReadonlySet<string>>();
  const nodes = new Map<string, NodeId[]>();
  for (const node of config.nodes) {
    for (const method of node.methods) {
      const power = method.devices.filter((use) => kindOfAgent(use.agent) === "power");
      const outlets = new Set(power.map(outletOf));
      if (outlets.size > 1) supplies.set(node.id, new Set([...(supplies.get(node.id) ?? []), ...outlets]));
      for (const use of method.devices) {
        const there = nodes.get(outletOf(use)) ?? [];
        if (!there.includes(node.id)) nodes.set(outletOf(use), [...there, node.id]);
      }
    }
  }
  const none: ReadonlySet<string> = new Set();
  return {
    suppliesOf: (node) => supplies.get(node) ?? none,
    nodesAt: (outlet) => nodes.get(outlet) ?? [],
  };
}
