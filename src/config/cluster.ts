/** What concerns the cluster as a whole: its name, its version, its votes, two nodes. */
import { CLUSTER_NAME_CHARS_MAX } from "./limits.ts";
import type { Problems } from "./problem.ts";
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
