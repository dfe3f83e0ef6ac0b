/** Corosync's node list against `cluster.conf`: two truths about one cluster end in the wrong node being shot. */
import { type ClusterConfig, nodeById } from "../core/config.ts";
import type { EngineNode } from "../ports/group-engine.ts";

/** One sentence per difference; empty when they agree, or when the engine has no list of its own. */
export function compareNodeLists(
  config: ClusterConfig,
  engineNodes: readonly EngineNode[],
): readonly string[] {
  if (engineNodes.length === 0) return [];
  const differences: string[] = [];
  for (const { nodeId, name } of engineNodes) {
    const known = nodeById(config, nodeId);
    if (known === undefined) {
      differences.push(
        `corosync.conf has node ${nodeId}${name === undefined ? "" : ` (${name})`}, cluster.conf has not`,
      );
    } else if (name !== undefined && name !== known.name && !known.altnames.includes(name)) {
      differences.push(`node ${nodeId} is ${name} in corosync.conf and ${known.name} in cluster.conf`);
    }
  }
  for (const { id, name } of config.nodes) {
    if (engineNodes.some((node) => node.nodeId === id)) continue;
    differences.push(`cluster.conf has node ${id} (${name}), corosync.conf has not`);
  }
  return differences;
}
