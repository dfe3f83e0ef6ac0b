/** Corosync as it is now, from what its own tools print. Source: corosync-quorumtool(8), corosync-cmapctl(8). */
import type { NodeId } from "../../core/ids.ts";
import type { CliContext } from "../context.ts";

export interface CorosyncNode {
  readonly id: NodeId;
  readonly name?: string;
  /** In the order of the links. */
  readonly addresses: readonly string[];
  readonly votes: number;
}

export interface CorosyncMoment {
  readonly nodeId: NodeId;
  /** Second half of the ring's id: grows with every change of the membership. */
  readonly ringSeq: number;
  readonly quorate: boolean;
  readonly expectedVotes: number;
  readonly totalVotes: number;
  readonly quorum: number;
  /** Words of quorumtool: `2Node`, `Quorate`, `WaitForAll`, … */
  readonly flags: readonly string[];
  /** Nodes that are there now. */
  readonly members: readonly { readonly id: NodeId; readonly votes: number }[];
  /** Its node list, sorted by id. */
  readonly nodes: readonly CorosyncNode[];
  /** Everything that Corosync was configured with, and some of how it runs, as text. */
  readonly cmap: ReadonlyMap<string, string>;
}

/** Undefined: Corosync does not run here, or its tools are not installed. */
export async function readMoment(ctx: CliContext): Promise<CorosyncMoment | undefined> {
  const cmap = await ctx.run("corosync-cmapctl", []);
  if (cmap?.exit !== 0) return undefined;
  const quorum = await ctx.run("corosync-quorumtool", ["-s"]);
  return parseMoment(quorum?.stdout ?? "", cmap.stdout);
}

/** Undefined when either is not what the tools print. */
export function parseMoment(quorumtool: string, cmapctl: string): CorosyncMoment | undefined {
  const cmap = parseCmap(cmapctl);
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:\\s*(.*?)\\s*$`, "m").exec(quorumtool)?.[1];
  const number = (name: string): number => Number(/^\d+/.exec(field(name) ?? "")?.[0] ?? Number.NaN);
  const ringSeq = Number.parseInt((field("Ring ID") ?? "").split(".").at(-1) ?? "", 16);
  const moment = {
    nodeId: number("Node ID"),
    ringSeq,
    quorate: field("Quorate") === "Yes",
    expectedVotes: number("Expected votes"),
    totalVotes: number("Total votes"),
    quorum: number("Quorum"),
    flags: (field("Flags") ?? "").split(/\s+/).filter((word) => word !== ""),
    members: membersOf(quorumtool),
    nodes: nodesOf(cmap),
    cmap,
  };
  const numbers = [moment.nodeId, ringSeq, moment.expectedVotes, moment.totalVotes, moment.quorum];
  return numbers.every(Number.isInteger) ? moment : undefined;
}

/** Lines `key (type) = value`. */
export function parseCmap(text: string): ReadonlyMap<string, string> {
  const entries = text.split("\n").flatMap((line): [string, string][] => {
    const [, key, value] = /^(\S+) \([a-z0-9]+\) = (.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  return new Map(entries);
}

function membersOf(quorumtool: string): CorosyncMoment["members"] {
  const [, list = ""] = quorumtool.split(/^Membership information$/m);
  return [...list.matchAll(/^\s+(\d+)\s+(\d+)\s+\S/gm)].map((row) => ({
    id: Number(row[1]),
    votes: Number(row[2]),
  }));
}

/** The node list among the keys, sorted by id. */
export function nodesOf(cmap: ReadonlyMap<string, string>): readonly CorosyncNode[] {
  const nodes: CorosyncNode[] = [];
  for (const [key, value] of cmap) {
    const index = /^nodelist\.node\.(\d+)\.nodeid$/.exec(key)?.[1];
    if (index === undefined) continue;
    const of = (field: string) => cmap.get(`nodelist.node.${index}.${field}`);
    const name = of("name");
    const links = [0, 1, 2, 3, 4, 5, 6, 7].map((link) => of(`ring${link}_addr`));
    nodes.push({
      id: Number(value),
      ...(name === undefined ? {} : { name }),
      addresses: links.filter((address) => address !== undefined),
      votes: Number(of("quorum_votes") ?? 1),
    });
  }
  return nodes.sort((a, b) => a.id - b.id);
}
