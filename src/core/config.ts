/**
 * What the core knows of `cluster.conf`: everything that a decision needs, and no secret. The
 * parameters of the agents (addresses, logins, passwords) stay at the edge, in `src/config`;
 * this model may be printed, recorded and replayed. Source: cluster.conf of cluster 3.x.
 */
import type { Millis, NodeId, NodeName } from "./ids.ts";

/** Grades of evidence in falling order of strength; `H` is an operator's word. See product page. */
export type Grade = "A" | "B" | "C" | "D" | "H";

export type AgentAction =
  | "on"
  | "off"
  | "reboot"
  | "status"
  | "monitor"
  | "list"
  | "metadata"
  | "validate-all"
  | "cycle"
  | "diag";

/** One `<device>` line of a method: which device, and what the line says to do with it. */
export interface DeviceUse {
  /** Name of the `<fencedevice>`. */
  readonly device: string;
  /** Its executable, e.g. `fence_ipmilan`. */
  readonly agent: string;
  /** The `action` written on the line or on the device; absent: the agent's default. */
  readonly action?: string;
  /** The `port`/`plug` attribute, for messages; empty when the line has none. */
  readonly plug: string;
  /** The agent's own delay before it acts (`delay`). Units: ms. */
  readonly delayMs: Millis;
  /** How long one run of the agent may take, delay included. Units: ms. */
  readonly budgetMs: Millis;
  /** Line in the file, for messages; 0 when unknown. */
  readonly line: number;
}

/** One alternative way to fence a node: all its devices must succeed. Tried in document order. */
export interface MethodConfig {
  readonly name: string;
  readonly devices: readonly DeviceUse[];
}

export interface NodeConfig {
  readonly id: NodeId;
  readonly name: NodeName;
  readonly votes: number;
  readonly altnames: readonly string[];
  readonly methods: readonly MethodConfig[];
  /** Devices of `<unfence>`, with their explicit actions; empty when there is none. */
  readonly unfence: readonly DeviceUse[];
  readonly line: number;
}

/** `<fence_daemon>`. Units: ms; `-1` means "wait for ever" for the two delays. */
export interface FenceDaemonConfig {
  readonly postJoinDelayMs: Millis;
  readonly postFailDelayMs: Millis;
  /** Pause after a full round of failures; doubles up to 30 s. */
  readonly overrideTimeMs: Millis;
  /** How long a node whose daemon died may take to come back before it is a victim. */
  readonly daemonRestartGraceMs: Millis;
  readonly cleanStart: boolean;
  readonly skipUndefined: boolean;
  /** How often each fence device is looked at by every member; 0: never. */
  readonly checkIntervalMs: Millis;
  /** Weakest grade that counts as done. An operator's word (H) always counts. */
  readonly evidence: "A" | "B" | "C" | "D";
}

export const FENCE_DAEMON_DEFAULTS: FenceDaemonConfig = {
  postJoinDelayMs: 6_000,
  postFailDelayMs: 0,
  overrideTimeMs: 3_000,
  daemonRestartGraceMs: 10_000,
  cleanStart: false,
  skipUndefined: false,
  checkIntervalMs: 60_000,
  evidence: "C",
};

/** Default time limit of one agent run. Units: ms. */
export const AGENT_TIMEOUT_MS = 60_000;

/** The configuration, as decisions see it. Shape: nodes in document order, ids and names unique. */
export interface ClusterConfig {
  readonly name: string;
  readonly version: number;
  /** Digest of the file's bytes: two nodes with one version and two digests have a problem. */
  readonly digest: string;
  readonly twoNode: boolean;
  readonly expectedVotes?: number;
  readonly nodes: readonly NodeConfig[];
  readonly fenceDaemon: FenceDaemonConfig;
  /** Volume groups whose volumes are suspended while storage is held; absent: none. */
  readonly suspendedGroups?: readonly string[];
}

/** What an agent's metadata tells of it; the edge reads it, plans use it. */
export interface AgentTraits {
  readonly agent: string;
  /** False: no such executable on this node. Then nothing else here is meaningful. */
  readonly installed: boolean;
  readonly actions: readonly string[];
  /** `reboot` for power agents, `off` for fabric agents. */
  readonly defaultAction: string;
  /**
   * It takes a node its keys to the disks and leaves it running: proof of grade B, which stands also while
   * the node speaks. Its `on` is for the node itself.
   */
  readonly cuts?: "storage";
}

export function nodeById(config: ClusterConfig, id: NodeId): NodeConfig | undefined {
  return config.nodes.find((node) => node.id === id);
}

export function nodeByName(config: ClusterConfig, name: NodeName): NodeConfig | undefined {
  return config.nodes.find((node) => node.name === name);
}

/** The configured name, or `node N` for an id that the configuration does not know. */
export function nodeNameOf(config: ClusterConfig, id: NodeId): string {
  return nodeById(config, id)?.name ?? `node ${id}`;
}
