/**
 * What Corosync 3 has to be told so that it is the cluster that `cluster.conf` describes, as its own
 * keys. Source: corosync.conf(5), votequorum(5); cluster 3.x cman-preconfig for the old defaults.
 */
import type { NodeConfig } from "../../core/config.ts";
import type { UsableConfig } from "../diff/diff-configs.ts";
import { childOf, textOf } from "../values.ts";
import type { Element } from "../xml.ts";

export interface CorosyncSettings {
  /** Key of cmap → value, in the order in which they are written. */
  readonly keys: ReadonlyMap<string, string>;
  /** What stands in cluster.conf and has no equivalent, a sentence each. */
  readonly notes: readonly string[];
}

/** cman's, when `<totem>` does not say. Units: ms. */
const TOKEN_DEFAULT = "10000";
const PORT_DEFAULT = "5405";

/** Attributes of `<totem>` that Corosync 3 still has, under the same names and in the same units. */
const TOTEM_KEPT = (
  "consensus join fail_recv_const seqno_unchanged_const netmtu window_size max_messages hold merge send_join " +
  "token_retransmits_before_loss_const token_retransmit miss_count_const downcheck max_network_delay " +
  "heartbeat_failures_allowed"
).split(" ");

/** Not told to Corosync: it has no such thing any more, or it is written in another way. */
const TOTEM_GONE = (
  "rrp_mode rrp_problem_count_threshold rrp_problem_count_timeout rrp_token_expired_timeout " +
  "rrp_autorecovery_check_timeout threads vsftype"
).split(" ");

export function corosyncSettings(parsed: UsableConfig, root: Element): CorosyncSettings {
  const keys = new Map<string, string>();
  const notes: string[] = [];
  const { config, totem } = parsed;
  const cman = childOf(root, "cman");
  const transport = transportOf(cman, notes);
  keys.set("totem.version", "2");
  keys.set("totem.cluster_name", config.name);
  keys.set("totem.transport", transport);
  setCrypto(parsed, transport, keys, notes);
  keys.set("totem.token", totem["token"] ?? TOKEN_DEFAULT);
  // Corosync would add 650 ms for each node above two.
  keys.set("totem.token_coefficient", totem["token_coefficient"] ?? "0");
  for (const name of TOTEM_KEPT) {
    const value = totem[name];
    if (value !== undefined) keys.set(`totem.${name}`, value);
  }
  for (const name of TOTEM_GONE.filter((one) => totem[one] !== undefined)) {
    notes.push(`totem ${name}: Corosync 3 has no such setting; links back each other up by themselves`);
  }
  const links = linksOf(config.nodes, transport, notes);
  setPorts(cman, root, links, keys, notes);
  config.nodes.forEach((node, index) => {
    setNode(node, index, links, keys);
  });
  keys.set("quorum.provider", "corosync_votequorum");
  if (config.twoNode) keys.set("quorum.two_node", "1");
  else if (config.expectedVotes !== undefined)
    keys.set("quorum.expected_votes", String(config.expectedVotes));
  if (childOf(root, "quorumd") !== undefined) {
    notes.push("quorumd: a quorum disk has no votes any more; corosync-qdevice can break a tie");
  }
  setLogging(parsed, keys);
  return { keys, notes };
}

function transportOf(cman: Element | undefined, notes: string[]): string {
  const written = cman === undefined ? undefined : textOf(cman, "transport")?.trim();
  if (cman !== undefined && /^(?:yes|on|1|true)$/i.test(textOf(cman, "broadcast") ?? "")) {
    notes.push("cman broadcast: Corosync 3 has no broadcast; knet reaches each node by its address");
  }
  if (written === "rdma" || written === "udpb") {
    notes.push(`cman transport ${written}: gone; knet takes its place`);
    return "knet";
  }
  if (written === "udp") {
    notes.push("cman transport udp: multicast, without encryption in Corosync 3; knet is the better one");
  }
  return written ?? "knet";
}

function setCrypto(
  { keyfile, totem }: UsableConfig,
  transport: string,
  keys: Map<string, string>,
  notes: string[],
): void {
  const isOff = /^(?:off|no|0|false)$/i.test(totem["secauth"] ?? "");
  const isPlain = transport !== "knet" || isOff;
  keys.set("totem.crypto_cipher", isPlain ? "none" : (totem["crypto_cipher"] ?? "aes256"));
  keys.set("totem.crypto_hash", isPlain ? "none" : (totem["crypto_hash"] ?? "sha256"));
  if (isPlain) {
    if (!isOff) notes.push(`transport ${transport}: Corosync 3 encrypts with knet only`);
    return;
  }
  if (keyfile !== undefined) keys.set("totem.keyfile", keyfile);
  else notes.push("no keyfile: cman took the cluster's name for a key; corosync-keygen makes a real one");
}

/** How many ways there are to each node: Corosync wants the same number everywhere. */
function linksOf(nodes: readonly NodeConfig[], transport: string, notes: string[]): number {
  const counts = nodes.map((node) => 1 + node.altnames.length);
  const fewest = Math.min(...counts);
  if (transport !== "knet") {
    if (Math.max(...counts) > 1)
      notes.push(`altname: with ${transport} Corosync 3 has one link only; knet has more`);
    return 1;
  }
  if (Math.max(...counts) > fewest) notes.push("altname: not all nodes have one, so nobody's is used");
  return fewest;
}

function setPorts(
  cman: Element | undefined,
  root: Element,
  links: number,
  keys: Map<string, string>,
  notes: string[],
): void {
  const port = (cman === undefined ? undefined : textOf(cman, "port")) ?? PORT_DEFAULT;
  keys.set("totem.interface.0.linknumber", "0");
  keys.set("totem.interface.0.mcastport", port);
  const multicast = childOf(cman, "multicast");
  const address = multicast === undefined ? undefined : textOf(multicast, "addr");
  if (address !== undefined) {
    if (keys.get("totem.transport") === "udp") keys.set("totem.interface.0.mcastaddr", address);
    else notes.push(`multicast ${address}: only the transport udp uses it`);
  }
  const altname = childOf(childOf(root, "clusternodes"), "clusternode")?.children.find(
    (child) => child.name === "altname",
  );
  if (altname === undefined || links < 2) return;
  keys.set("totem.interface.1.linknumber", "1");
  keys.set("totem.interface.1.mcastport", textOf(altname, "port") ?? String(Number(port) + 1));
}

function setNode(node: NodeConfig, index: number, links: number, keys: Map<string, string>): void {
  const key = `nodelist.node.${index}`;
  keys.set(`${key}.ring0_addr`, node.name);
  node.altnames.slice(0, links - 1).forEach((altname, link) => {
    keys.set(`${key}.ring${link + 1}_addr`, altname);
  });
  keys.set(`${key}.name`, node.name);
  keys.set(`${key}.nodeid`, String(node.id));
  keys.set(`${key}.quorum_votes`, String(node.votes));
}

function setLogging({ logging }: UsableConfig, keys: Map<string, string>): void {
  keys.set("logging.to_syslog", logging.toSyslog ? "yes" : "no");
  keys.set("logging.to_stderr", "no");
  if (logging.toLogfile && logging.logfile !== undefined) {
    keys.set("logging.to_logfile", "yes");
    keys.set("logging.logfile", logging.logfile);
  }
  if (logging.level === "debug") keys.set("logging.debug", "on");
}
