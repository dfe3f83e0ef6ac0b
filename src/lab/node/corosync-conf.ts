/** The `corosync.conf` of a lab: what a cluster's own tools would have written from `cluster.conf`. */
import type { NodeId, NodeName } from "../../core/ids.ts";

export interface RingNode {
  readonly id: NodeId;
  readonly name: NodeName;
  readonly address: string;
  readonly votes: number;
}

export interface RingOptions {
  readonly clusterName: string;
  readonly nodes: readonly RingNode[];
  /** Silence after which a node is lost. Units: ms. */
  readonly tokenMs: number;
  readonly twoNode: boolean;
  readonly expectedVotes?: number;
}

/** Corosync would add 650 ms per node above two: off, so that `tokenMs` says what it means. */
const TOKEN_COEFFICIENT = 0;

/** Source: corosync.conf(5), votequorum(5). */
export function corosyncConf(options: RingOptions): string {
  const quorum = [
    "provider: corosync_votequorum",
    ...(options.expectedVotes === undefined ? [] : [`expected_votes: ${options.expectedVotes}`]),
    ...(options.twoNode ? ["two_node: 1"] : []),
  ];
  const totem = [
    "version: 2",
    `cluster_name: ${options.clusterName}`,
    "transport: knet",
    "crypto_cipher: none",
    "crypto_hash: none",
    `token: ${options.tokenMs}`,
    `token_coefficient: ${TOKEN_COEFFICIENT}`,
  ];
  const logging = ["to_stderr: yes", "to_syslog: no", "to_logfile: no", "timestamp: hires"];
  const nodes = options.nodes.map((node) =>
    section("node", [
      `ring0_addr: ${node.address}`,
      `name: ${node.name}`,
      `nodeid: ${node.id}`,
      `quorum_votes: ${node.votes}`,
    ]),
  );
  return [
    section("totem", totem),
    section("nodelist", nodes),
    section("quorum", quorum),
    section("logging", logging),
  ].join("");
}

function section(name: string, lines: readonly string[]): string {
  const body = lines.map((line) => line.trimEnd().replace(/^/gm, "  ")).join("\n");
  return `${name} {\n${body}\n}\n`;
}
