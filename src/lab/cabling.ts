/** Which node hears which: cuts and splits of the cluster's network, also for nodes that boot later. */
import type { NodeName } from "../core/ids.ts";
import { CLUSTER_BRIDGE, type LabNode } from "./node/lab-node.ts";
import type { Network } from "./space/network.ts";

export interface Cabling {
  cut(node: LabNode): Promise<void>;
  heal(node: LabNode): Promise<void>;
  split(groups: readonly (readonly LabNode[])[]): Promise<void>;
  healAll(nodes: Iterable<LabNode>): Promise<void>;
  /** Where the cable of a node belongs now; undefined: nowhere. */
  bridgeOf(node: NodeName): string | undefined;
}

export function createCabling(network: Network): Cabling {
  const cut = new Set<NodeName>();
  const group = new Map<NodeName, string>();
  const bridgeOf = (node: NodeName) => (cut.has(node) ? undefined : (group.get(node) ?? CLUSTER_BRIDGE));

  /** To be called in a turn of its own: decides by what is plugged in now. */
  async function replug(nodes: Iterable<LabNode>): Promise<void> {
    const ports = Map.groupBy(
      [...nodes].flatMap((node) => {
        const port = node.clusterPort();
        return port === undefined ? [] : [{ port, bridge: bridgeOf(node.name) }];
      }),
      ({ bridge }) => bridge,
    );
    for (const [bridge, plugs] of ports) {
      if (bridge === undefined) continue;
      await network.movePorts(
        plugs.map(({ port }) => port),
        bridge,
      );
    }
  }

  return {
    bridgeOf,
    cut: (node) =>
      network.inTurn(async () => {
        cut.add(node.name);
        const port = node.clusterPort();
        if (port !== undefined) await network.setPort(port, "down");
      }),
    heal: (node) =>
      network.inTurn(async () => {
        cut.delete(node.name);
        await replug([node]);
      }),
    split: (groups) =>
      network.inTurn(async () => {
        for (const [index, nodes] of groups.entries()) {
          // The first group keeps the bridge: fewer cables move, and all in one go.
          const bridge = index === 0 ? CLUSTER_BRIDGE : `${CLUSTER_BRIDGE}${index}`;
          for (const node of nodes) group.set(node.name, bridge);
        }
        await replug(groups.flat());
      }),
    healAll: (nodes) =>
      network.inTurn(async () => {
        cut.clear();
        group.clear();
        await replug(nodes);
      }),
  };
}
