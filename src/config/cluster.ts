/** What concerns the cluster as a whole: its name, its version, its votes, two nodes. */
import type { NodeConfig } from "../core/config.ts";
import { CLUSTER_NAME_CHARS_MAX } from "./limits.ts";
import { NOWHERE, type Problems } from "./problem.ts";
import { booleanOf, childOf, integerOf, pathOf, placeOf, quoted, textOf, wordOf } from "./values.ts";
import type { Element } from "./xml.ts";

export interface ClusterSettings {
  readonly name: string;
  readonly version: number;
  readonly twoNode: boolean;
  readonly expectedVotes?: number;
  readonly keyfile?: string;
}

/** Old configurations were counted by hand; some used dates like 2012061501. */
const VERSION_MAX = 4_294_967_295;

const VOTES_MAX = 65_535;

/** Those of the old stack and Corosync's own. Corosync decides by its own file; this one is kept. */
const TRANSPORTS = ["udp", "udpb", "udpu", "rdma", "knet"] as const;

export function readCluster(root: Element, problems: Problems): ClusterSettings {
  const cman = childOf(root, "cman");
  const totem = childOf(root, "totem");
  const version = integerOf(root, "config_version", { min: 1, max: VERSION_MAX }, problems) ?? 0;
  const name = readClusterName(root, problems);
  if (cman !== undefined) wordOf(cman, "transport", TRANSPORTS, problems);
  const twoNode = cman === undefined ? undefined : booleanOf(cman, "two_node", problems);
  const expectedVotes =
    cman === undefined ? undefined : integerOf(cman, "expected_votes", { min: 1, max: VOTES_MAX }, problems);
  const cmanKey = cman === undefined ? undefined : pathOf(cman, "keyfile", problems);
  const totemKey = totem === undefined ? undefined : pathOf(totem, "keyfile", problems);
  const keyfile = cmanKey ?? totemKey;
  return {
    name,
    version,
    twoNode: twoNode ?? false,
    ...(expectedVotes === undefined ? {} : { expectedVotes }),
    ...(keyfile === undefined ? {} : { keyfile }),
  };
}

function readClusterName(root: Element, problems: Problems): string {
  const name = textOf(root, "name");
  if (name === undefined) return "";
  const place = placeOf(root, "name");
  const what = `cluster name ${quoted(name)}`;
  if (name.length > CLUSTER_NAME_CHARS_MAX) {
    problems.error(place, `${what} has ${name.length} characters`, `at most ${CLUSTER_NAME_CHARS_MAX}`);
  } else if (!/^[\x21-\x7e]+$/.test(name)) {
    problems.error(place, what, "1 to 15 visible ASCII characters without blanks");
  }
  return name;
}

/** Rules that need the nodes. */
export function checkVotes(
  root: Element,
  settings: ClusterSettings,
  nodes: readonly NodeConfig[],
  problems: Problems,
): void {
  const cman = childOf(root, "cman");
  const place = cman === undefined ? NOWHERE : placeOf(cman, "two_node");
  if (settings.twoNode) {
    if (nodes.length !== 2) {
      problems.error(place, `two_node is on with ${nodes.length} nodes`, "exactly 2 nodes, or two_node off");
    }
    for (const node of nodes.filter((one) => one.votes !== 1)) {
      const what = `two_node is on and node ${quoted(node.name)} has ${node.votes} votes`;
      problems.error({ line: node.line, column: 0 }, what, "1 vote for each of the two");
    }
    const lines = nodes.flatMap((node) => node.methods).flatMap((method) => method.devices);
    if (nodes.length === 2 && lines.length > 0 && lines.every((line) => line.delayMs === 0)) {
      const what = "no device has a delay: when only the link breaks, both nodes shoot at once";
      problems.warn(place, what, 'delay="…" (seconds) on the device of the node that should survive');
    }
  }
  const sum = nodes.reduce((votes, node) => votes + node.votes, 0);
  if (cman !== undefined && settings.expectedVotes !== undefined && settings.expectedVotes > sum) {
    const what = `expected_votes is ${settings.expectedVotes}, all nodes together have ${sum}`;
    problems.warn(placeOf(cman, "expected_votes"), what, `${sum}, or no expected_votes`);
  }
}
