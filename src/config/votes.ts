/** Can this cluster ever be quorate, and can two halves of it be at once? Source: votequorum(5). */
import type { NodeConfig } from "../core/config.ts";
import type { ClusterSettings } from "./cluster.ts";
import { NOWHERE, type Problems } from "./problem.ts";
import { childOf, placeOf, quoted } from "./values.ts";
import type { Element } from "./xml.ts";

export function checkVotes(
  root: Element,
  settings: ClusterSettings,
  nodes: readonly NodeConfig[],
  problems: Problems,
): void {
  if (nodes.length === 0) return; // Said already.
  if (settings.twoNode) checkTwoNode(root, nodes, problems);
  else checkMajorities(root, nodes, problems);
  checkExpected(root, settings, nodes, problems);
}

function checkTwoNode(root: Element, nodes: readonly NodeConfig[], problems: Problems): void {
  const cman = childOf(root, "cman");
  const place = cman === undefined ? NOWHERE : placeOf(cman, "two_node");
  if (nodes.length !== 2) {
    problems.error(place, `two_node is on with ${nodes.length} nodes`, "exactly 2 nodes, or two_node off");
  }
  for (const node of nodes.filter((one) => one.votes !== 1)) {
    const what = `two_node is on and node ${quoted(node.name)} has ${node.votes} votes`;
    problems.error({ line: node.line, column: 0 }, what, "1 vote for each of the two");
  }
  if (nodes.length !== 2) return;
  const delays = nodes.map((node) => longestDelayMs(node));
  const lines = nodes.flatMap((node) => node.methods).flatMap((method) => method.devices);
  const fix = 'delay="…" (seconds) on the device of the node that should survive';
  if (lines.length > 0 && delays.every((delayMs) => delayMs === 0)) {
    problems.warn(place, "no device has a delay: when only the link breaks, both nodes shoot at once", fix);
  } else if (delays[0] === delays[1] && delays[0] !== 0) {
    const what = "both nodes' devices have the same delay: when only the link breaks, both shoot at once";
    problems.warn(place, what, `${fix}, and none on the other`);
  }
}

function longestDelayMs(node: NodeConfig): number {
  return Math.max(0, ...(node.methods[0]?.devices ?? []).map((line) => line.delayMs));
}

function checkMajorities(root: Element, nodes: readonly NodeConfig[], problems: Problems): void {
  const votes = sumOf(nodes);
  const clusternodes = childOf(root, "clusternodes")?.place ?? NOWHERE;
  if (nodes.length === 2 && nodes[0]?.votes === nodes[1]?.votes) {
    problems.warn(
      clusternodes,
      "two nodes without two_node: when one is lost the other has no quorum, and fences nobody",
      '<cman two_node="1" expected_votes="1"/>, or a third node or quorum device',
    );
    return;
  }
  const alone = nodes.find((node) => node.votes > votes / 2);
  if (nodes.length > 1 && alone !== undefined) {
    const what = `node ${quoted(alone.name)} has more than half of all votes`;
    problems.warn({ line: alone.line, column: 0 }, what, "fewer votes: without it nobody has quorum", {
      reason: "its loss stops the whole cluster",
    });
  }
}

function checkExpected(
  root: Element,
  settings: ClusterSettings,
  nodes: readonly NodeConfig[],
  problems: Problems,
): void {
  const cman = childOf(root, "cman");
  const expected = settings.expectedVotes;
  if (cman === undefined || expected === undefined || settings.twoNode) return;
  const votes = sumOf(nodes);
  const quorum = Math.floor(expected / 2) + 1;
  const place = placeOf(cman, "expected_votes");
  const both = `expected_votes is ${expected}, all nodes together have ${votes}`;
  if (quorum > votes) {
    problems.error(place, both, `${votes}, or no expected_votes`, {
      reason: `quorum is ${quorum} then, and is never reached`,
    });
  } else if (hasTwoQuorateHalves(nodes, quorum)) {
    problems.error(place, both, `${votes}, or no expected_votes`, {
      reason: `quorum is ${quorum} then: two halves can have it at once and fence each other`,
    });
  } else if (expected !== votes) problems.warn(place, both, `${votes}, or no expected_votes`);
}

/** True when the nodes can be parted so that both parts reach the quorum. Cost: nodes times votes, in bits. */
function hasTwoQuorateHalves(nodes: readonly NodeConfig[], quorum: number): boolean {
  const votes = sumOf(nodes);
  if (votes < 2 * quorum) return false;
  let sums = 1n; // Bit n: some nodes have n votes together.
  for (const node of nodes) sums |= sums << BigInt(node.votes);
  return BigInt.asUintN(votes - 2 * quorum + 1, sums >> BigInt(quorum)) !== 0n;
}

function sumOf(nodes: readonly NodeConfig[]): number {
  return nodes.reduce((votes, node) => votes + node.votes, 0);
}
