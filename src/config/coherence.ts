/** Compares `cluster.conf` with the node list of the group engine (Corosync's cmap). */
import { type ClusterConfig, nodeById, nodeByName } from "../core/config.ts";
import type { NodeId } from "../core/ids.ts";

export interface EngineNode {
  readonly nodeId: NodeId;
  /** `nodelist.node.N.name`; Corosync does not demand one. */
  readonly name?: string;
}

/**
 * Every difference, one sentence each, with what to do about it; empty when both agree. A difference
 * is dangerous: the wrong machine could be fenced for a node that Corosync calls by another id.
 */
export function compareWithEngine(
  config: ClusterConfig,
  engineNodes: readonly EngineNode[],
): readonly string[] {
  const sentences: string[] = [];
  const seen = new Set<NodeId>();
  for (const node of engineNodes) {
    if (seen.has(node.nodeId)) {
      sentences.push(
        `Corosync lists node id ${node.nodeId} more than once: give every node of the nodelist in corosync.conf its own nodeid.`,
      );
    } else {
      sentences.push(...differencesOf(config, node));
    }
    seen.add(node.nodeId);
  }
  for (const node of config.nodes) {
    if (seen.has(node.id)) continue;
    const elsewhere = engineNodes.find((one) => one.name !== undefined && sameName(one.name, node));
    if (elsewhere !== undefined) continue; // Reported above as a node with another id.
    sentences.push(
      `cluster.conf has node ${node.id} (${node.name}), which Corosync does not know: add it to the nodelist in corosync.conf, or remove it from cluster.conf.`,
    );
  }
  return sentences;
}

function differencesOf(config: ClusterConfig, node: EngineNode): readonly string[] {
  const byId = nodeById(config, node.nodeId);
  const byName =
    node.name === undefined
      ? undefined
      : (nodeByName(config, node.name) ?? config.nodes.find((one) => sameName(node.name ?? "", one)));
  const label = node.name === undefined ? `node ${node.nodeId}` : `node ${node.nodeId} (${node.name})`;
  if (byName !== undefined && byName.id !== node.nodeId) {
    return [
      `Corosync calls ${node.name} node ${node.nodeId}, cluster.conf gives it nodeid ${byName.id}: make them equal, fencing goes by this number.`,
    ];
  }
  if (byId === undefined) {
    return [
      `Corosync has ${label}, which cluster.conf does not know: add a <clusternode> with its fence methods, until then its loss cannot be fenced.`,
    ];
  }
  if (node.name !== undefined && !sameName(node.name, byId)) {
    return [
      `Node ${node.nodeId} is called ${node.name} by Corosync and ${byId.name} in cluster.conf: use one name, or the wrong machine may be fenced.`,
    ];
  }
  return [];
}

/** Equal, equal up to the domain, or one of the node's other names. Case does not count. */
function sameName(
  name: string,
  node: { readonly name: string; readonly altnames: readonly string[] },
): boolean {
  const wanted = name.toLowerCase();
  return [node.name, ...node.altnames].some((own) => {
    const mine = own.toLowerCase();
    return (
      mine === wanted ||
      (shortName(mine) === shortName(wanted) && (mine === shortName(mine) || wanted === shortName(wanted)))
    );
  });
}

/** `tpve01` of `tpve01.example.org`; addresses have no short form. */
function shortName(name: string): string {
  return /^[0-9.]+$|:/.test(name) ? name : (name.split(".")[0] ?? name);
}
