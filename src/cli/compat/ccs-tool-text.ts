/** Texts of `ccs_tool`, byte for byte: pvecm parses them. Source: legacy ccs_tool of cluster 3.x. */
import { isSecretName } from "../../config/secret.ts";
import { childOf, childrenOf, textOf } from "../../config/values.ts";
import type { Element } from "../../config/xml.ts";
import { clean } from "../format/text.ts";
import type { CcsFacts } from "./ccs-tool-read.ts";

export function formatLsNode({ root }: CcsFacts, isVerbose: boolean): string {
  const multicast = childOf(childOf(root, "cman"), "multicast");
  const address = multicast === undefined ? undefined : textOf(multicast, "addr");
  const rows = childrenOf(childOf(root, "clusternodes"), "clusternode").map((node) => {
    const method = childOf(childOf(node, "fence"), "method");
    const device = childOf(method, "device");
    const [votes, id] = [textOf(node, "votes") ?? "1", textOf(node, "nodeid") ?? "0"];
    const type = device === undefined ? "" : (textOf(device, "name") ?? "");
    const name = (textOf(node, "name") ?? "").padEnd(32);
    const row = `${name} ${votes.padStart(3)}  ${id.padStart(3)}    ${type}\n`;
    if (!isVerbose) return clean(row.slice(0, -1)).concat("\n");
    const fence = device === undefined ? [] : [`  Fence properties: ${properties(device, ["name"])}\n`];
    return `${row}  Node properties: ${properties(node, ["name", "votes", "nodeid"])}\n${fence.join("")}`;
  });
  return [
    `\nCluster name: ${clean(textOf(root, "name") ?? "")}, config_version: ${clean(textOf(root, "config_version") ?? "")}\n\n`,
    address === undefined ? "" : `Multicast address for cluster: ${clean(address)}\n\n`,
    `${"Nodename".padEnd(32)}Votes Nodeid Fencetype\n`,
    ...rows,
  ].join("");
}

export function formatLsFence({ root }: CcsFacts, isVerbose: boolean): string {
  const rows = childrenOf(childOf(root, "fencedevices"), "fencedevice").map((device) => {
    const row = `${clean(textOf(device, "name") ?? "").padEnd(16)} ${clean(textOf(device, "agent") ?? "")}\n`;
    return isVerbose ? `${row}  Properties:  ${properties(device, ["name", "agent"])}\n` : row;
  });
  return `Name             Agent\n${rows.join("")}`;
}

function properties(element: Element, without: readonly string[]): string {
  return element.attributes
    .filter(({ name }) => !without.includes(name))
    .map(({ name, value }) => `${name}=${isSecretName(name) ? "[secret]" : clean(value)}`)
    .join(" ");
}
