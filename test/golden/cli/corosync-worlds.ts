/** What Corosync's tools answer in some of the worlds, in the words that they really print. */
import type { ToolResult } from "../../../src/cli/context.ts";

interface Ring {
  readonly present: readonly number[];
  readonly seq: number;
  readonly transport: "udp" | "knet";
}

function quorumtool({ present, seq }: Ring): string {
  const quorate = present.length >= 2;
  const members = present.map((id) => `         ${id}          1 tpve0${id}${id === 1 ? " (local)" : ""}\n`);
  return `Quorum information
------------------
Date:             Sat Dec 29 18:35:00 2012
Quorum provider:  corosync_votequorum
Nodes:            ${present.length}
Node ID:          1
Ring ID:          1.${seq.toString(16)}
Quorate:          ${quorate ? "Yes" : "No"}

Votequorum information
----------------------
Expected votes:   3
Highest expected: 3
Total votes:      ${present.length}
Quorum:           2 ${quorate ? " " : "Activity blocked"}
Flags:            ${quorate ? "Quorate " : ""}

Membership information
----------------------
    Nodeid      Votes Name
${members.join("")}`;
}

function cmapctl({ transport }: Ring): string {
  const nodes = [1, 2, 3].flatMap((id) => [
    `nodelist.node.${id - 1}.name (str) = tpve0${id}`,
    `nodelist.node.${id - 1}.nodeid (u32) = ${id}`,
    `nodelist.node.${id - 1}.ring0_addr (str) = 192.168.1.1${id}`,
  ]);
  return [...nodes, "totem.cluster_name (str) = tpve", `totem.transport (str) = ${transport}`, ""].join("\n");
}

const said = (stdout: string): ToolResult => ({ exit: 0, stdout, stderr: "" });

function tools(ring: Ring): Readonly<Record<string, ToolResult>> {
  return {
    "corosync-cmapctl": said(cmapctl(ring)),
    "corosync-quorumtool -s": said(quorumtool(ring)),
    "corosync-quorumtool -e 2": said(""),
    "corosync-cfgtool -k 2": said("Killing node 2\n"),
    "corosync-cfgtool -H": { exit: 1, stdout: "", stderr: "Could not shutdown (error = 6)\n" },
  };
}

const THREE: Ring = { present: [1, 2, 3], seq: 236, transport: "udp" };

/** World → command line → answer. A world that is not here has no Corosync. */
export const TOOL_RESULTS: Readonly<Record<string, Readonly<Record<string, ToolResult>>>> = {
  "cman-three": tools(THREE),
  "cman-knet": tools({ ...THREE, transport: "knet" }),
  "cman-lost": tools({ ...THREE, present: [1, 3], seq: 240 }),
  "cman-alone": tools({ ...THREE, present: [1], seq: 244 }),
  "cman-without-daemon": tools(THREE),
  "cman-outside": tools(THREE),
};
