/** The lab's `cluster.conf`, in the style of a small Proxmox VE 2 cluster, and what the lab reads of one. */
import type { NodeId, NodeName } from "../core/ids.ts";
import { bmcAddress, nodeNameFor } from "./addresses.ts";

export const BMC_LOGIN = "admin";
/** Prints the password of a node's controller; written to every node at its first boot. */
export const PASSWORD_SCRIPTS = "/etc/cluster/ilo_pass";

/**
 * Polls, and seconds per IPMI command, that the agent may take. Its default (20) is right for real
 * hardware and makes every story about a dead device twenty seconds longer.
 */
const POWER_TIMEOUT = 4;

/** Every node has an iLO; the fence device is named after its node. */
export function defaultClusterConf(nodes: number): string {
  const ids = Array.from({ length: nodes }, (_, index) => index + 1);
  const cman = nodes === 2 ? 'two_node="1" expected_votes="1"' : `expected_votes="${nodes}"`;
  return `<?xml version="1.0"?>
<cluster name="tpve" config_version="1">
  <cman ${cman}/>
  <fencedevices>
${ids.map((id) => fenceDevice(nodeNameFor(id), id)).join("\n")}
  </fencedevices>
  <clusternodes>
${ids.map((id) => clusterNode(nodeNameFor(id), id)).join("\n")}
  </clusternodes>
</cluster>
`;
}

function fenceDevice(name: string, id: NodeId): string {
  const address = `ipaddr="${bmcAddress(id, 1)}" login="${BMC_LOGIN}"`;
  const password = `passwd_script="${PASSWORD_SCRIPTS}/${name}"`;
  const ipmi = `lanplus="1" cipher="3" power_timeout="${POWER_TIMEOUT}"`;
  return `    <fencedevice agent="fence_ipmilan" ${address} name="${name}" ${password} ${ipmi}/>`;
}

function clusterNode(name: string, id: NodeId): string {
  return `    <clusternode name="${name}" votes="1" nodeid="${id}">
      <fence>
        <method name="ilo">
          <device name="${name}" action="reboot"/>
        </method>
      </fence>
    </clusternode>`;
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
  return {
    name: elements(plain, "cluster")[0]?.["name"] ?? "lab",
    twoNode: cman["two_node"] === "1",
    ...(expectedVotes === undefined ? {} : { expectedVotes: Number(expectedVotes) }),
    nodes: elements(plain, "clusternode").map((node) => ({
      id: Number(node["nodeid"]),
      name: node["name"] ?? "",
      votes: Number(node["votes"] ?? 1),
    })),
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
