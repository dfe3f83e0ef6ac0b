/** Texts of `cman_tool`, byte for byte. Source: legacy cman_tool of cluster 3.x. */
import { type CmanNode, type CmanView, clusterIdOf } from "./cman-view.ts";

/** Version of cman's protocol: scripts compare it. */
export const CMAN_VERSION = "6.2.0";

export function formatStatus(view: CmanView): string {
  const own = view.nodes.find((node) => node.id === view.nodeId);
  const refused = view.nodes.filter((node) => node.state === "d");
  const flags = [...(view.twoNode ? ["2node"] : []), ...(refused.length > 0 ? ["DisallowedNodes"] : [])];
  const spaced = (words: readonly string[]): string => words.map((word) => `${word} `).join("");
  return [
    `Version: ${CMAN_VERSION}`,
    `Config Version: ${view.configVersion}`,
    `Cluster Name: ${view.clusterName}`,
    `Cluster Id: ${clusterIdOf(view.clusterName)}`,
    "Cluster Member: Yes",
    `Cluster Generation: ${view.generation}`,
    "Membership state: Cluster-Member",
    `Nodes: ${view.nodes.filter((node) => node.state === "M").length}`,
    `Expected votes: ${view.expectedVotes}`,
    `Total votes: ${view.totalVotes}`,
    `Node votes: ${own?.votes ?? 0}`,
    `Quorum: ${view.quorum} ${view.quorate ? "" : "Activity blocked"}${view.quorate ? " " : ""}`,
    `Active subsystems: ${view.joined ? 2 : 1}`,
    `Flags: ${spaced(flags)}`,
    "Ports Bound: 0  ",
    `Node name: ${view.nodeName}`,
    `Node ID: ${view.nodeId}`,
    `Multicast addresses: ${spaced(view.multicast === undefined ? [] : [view.multicast])}`,
    `Node addresses: ${spaced(own?.addresses ?? [])}`,
    ...(refused.length === 0 ? [] : [`Disallowed nodes: ${spaced(refused.map(({ name }) => name))}`]),
    "",
  ].join("\n");
}

const NO_TIME = " ".repeat(19);

export function formatNodes(view: CmanView, options: { readonly addresses: boolean }): string {
  const refused = view.nodes.filter((node) => node.state === "d").length;
  const note =
    refused === 0
      ? ""
      : `NOTE: There are ${refused} disallowed nodes,\n      members list may seem inconsistent across the cluster\n`;
  const rows = view.nodes.map((node) => {
    const number = String(node.id).padStart(4);
    const row = `${number}   ${node.state}  ${String(node.incarnation).padStart(5)}   ${NO_TIME}  ${node.name}\n`;
    if (!options.addresses || node.state !== "M") return row;
    return `${row}       Addresses: ${node.addresses.map((address) => `${address} `).join("")}\n`;
  });
  return `${note}Node  Sts   Inc   Joined               Name\n${rows.join("")}`;
}

const STATES: Readonly<Record<CmanNode["state"], string>> = { M: "Member", X: "Dead", d: "Disallowed" };

/** Fields of `nodes -F`, in the order in which they are asked for. Undefined: no such field. */
export function formatFields(view: CmanView, fields: readonly string[]): string | undefined {
  const cell = (node: CmanNode, field: string): string | undefined => {
    switch (field) {
      case "id":
        return String(node.id);
      case "name":
        return node.name;
      case "type":
        return node.state;
      case "addr":
        return node.addresses.join(",");
      case "votes":
        return String(node.votes);
      case "exp":
        return String(view.expectedVotes);
      case "state":
        return STATES[node.state];
      default:
        return undefined;
    }
  };
  const rows = view.nodes.map((node) => fields.map((field) => cell(node, field)));
  if (rows.some((row) => row.includes(undefined))) return undefined;
  return rows.map((row) => `${row.map((one) => `${one} `).join("")}\n`).join("");
}
