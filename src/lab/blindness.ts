/** Nodes that cannot reach a management controller which others can reach. */
import type { NodeName } from "../core/ids.ts";
import type { LabNode } from "./node/lab-node.ts";
import type { Init } from "./space/init.ts";
import { ip } from "./space/network.ts";

export interface Blindness {
  /** From now on exactly `nodes` cannot reach `address`, also after they boot again. */
  set(address: string, nodes: readonly LabNode[]): Promise<void>;
  /** To be called by every machine that boots, once its network is up. */
  apply(name: NodeName, machine: Init): Promise<void>;
}

export function createBlindness(allNodes: ReadonlyMap<NodeName, LabNode>): Blindness {
  const blind = new Map<string, ReadonlySet<NodeName>>();
  const change = async (node: NodeName, verb: "add" | "del", address: string) => {
    const one = allNodes.get(node);
    if (one?.power() !== "on") return; // It starts blind, or not, when it boots.
    await ip((await one.init()).pid, [`route ${verb} unreachable ${address}`]);
  };

  return {
    async set(address, nodes) {
      const before: ReadonlySet<NodeName> = blind.get(address) ?? new Set<NodeName>();
      const after = new Set(nodes.map(({ name }) => name));
      blind.set(address, after);
      for (const name of before) if (!after.has(name)) await change(name, "del", address);
      for (const name of after) if (!before.has(name)) await change(name, "add", address);
    },
    async apply(name, machine) {
      const addresses = [...blind].filter(([, nodes]) => nodes.has(name)).map(([address]) => address);
      if (addresses.length === 0) return;
      await ip(
        machine.pid,
        addresses.map((address) => `route add unreachable ${address}`),
      );
    },
  };
}
