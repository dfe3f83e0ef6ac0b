/** The lab's `cluster.conf`, in the style of a small Proxmox VE 2 cluster, and what the lab reads of one. */
import type { NodeId, NodeName } from "../core/ids.ts";
import { NODES_MAX, nodeNameFor } from "./addresses.ts";
import { fenceDevice, LAB_AGENT_DEFAULT, type LabAgent } from "./agent.ts";

/** Directory, in every node, of the scripts that print the passwords of the fence devices. */
export const PASSWORD_SCRIPTS = "/etc/cluster/ilo_pass";

/** Every node has an iLO; the fence device is named after its node. Shape: as stories/stage.ts says. */
export function clusterConf(nodes: number, agent: LabAgent = LAB_AGENT_DEFAULT): string {
  const ids = Array.from({ length: nodes }, (_, index) => index + 1);
  const twoNode = nodes === 2 ? '\n\t<cman two_node="1" expected_votes="1"/>' : "";
  return `<?xml version="1.0"?>
<cluster name="tpve" config_version="1">${twoNode}
\t<fence_daemon post_join_delay="6" post_fail_delay="0"/>
\t<fencedevices>
${ids.map((id) => fenceDevice(agent, id, nodeNameFor(id), `${PASSWORD_SCRIPTS}/${nodeNameFor(id)}`)).join("\n")}
\t</fencedevices>
\t<clusternodes>
${ids.map(clusterNode).join("\n")}
\t</clusternodes>
</cluster>
`;
}

function clusterNode(id: NodeId): string {
  const name = nodeNameFor(id);
  return `\t\t<clusternode name="${name}" nodeid="${id}" votes="1">
\t\t\t<fence>
\t\t\t\t<method name="ilo">
\t\t\t\t\t<device name="${name}"/>
\t\t\t\t</method>
\t\t\t</fence>
\t\t</clusternode>`;
}

/** What Corosync and the lab's hardware have to know of a `cluster.conf`. */
export interface ClusterFacts {
  readonly name: string;
  readonly twoNode: boolean;
  readonly expectedVotes?: number;
  readonly nodes: readonly { readonly id: NodeId; readonly name: NodeName; readonly votes: number }[];
  /** Fence devices that have an address. */
  readonly devices: readonly { readonly name: string; readonly address: string }[];
}

/**
 * Reads the facts straight from the text, so that the lab also carries configurations that our own
 * parser must refuse. Comments are skipped; entities are not resolved.
 */
export function readClusterFacts(text: string): ClusterFacts {
  const plain = text.replace(/<!--[\s\S]*?-->/g, "");
  const cman = elements(plain, "cman")[0] ?? {};
  const expectedVotes = cman["expected_votes"];
  const nodes = elements(plain, "clusternode").map((node) => ({
    id: Number(node["nodeid"]),
    name: node["name"] ?? "",
    votes: Number(node["votes"] ?? 1),
  }));
  for (const { id, name } of nodes) {
    const isFine = Number.isInteger(id) && id >= 1 && id <= NODES_MAX && /^[\w.-]+$/.test(name);
    if (!isFine) throw new RangeError(`the lab has no room for node "${name}" with id ${id}`);
  }
  if (new Set(nodes.map(({ id }) => id)).size < nodes.length) throw new RangeError("two nodes have one id");
  return {
    name: elements(plain, "cluster")[0]?.["name"] ?? "lab",
    twoNode: cman["two_node"] === "1",
    ...(expectedVotes === undefined ? {} : { expectedVotes: Number(expectedVotes) }),
    nodes,
    devices: elements(plain, "fencedevice").flatMap((device) => {
      const address = device["ipaddr"] ?? device["ip"];
      return address === undefined ? [] : [{ name: device["name"] ?? "", address }];
    }),
  };
}

function elements(text: string, tag: string): readonly Record<string, string>[] {
  return [...text.matchAll(new RegExp(`<${tag}\\s([^>]*)>`, "g"))].map((element) => {
    const attributes = (element[1] ?? "").matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
    return Object.fromEntries([...attributes].map((match) => [match[1], match[2] ?? match[3] ?? ""]));
  });
}
