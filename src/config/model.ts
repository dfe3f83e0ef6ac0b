/**
 * From the elements of a `cluster.conf` to the typed model, or to everything that is wrong with it.
 * Knows no XML library: a daemon has the text read elsewhere and keeps the library out of its memory.
 */
import type { ClusterConfig } from "../core/config.ts";
import { checkSchema } from "./check-schema.ts";
import { readCluster } from "./cluster.ts";
import type { NodeFacts } from "./facts.ts";
import { type LegacyFenceSettings, readFenceDaemon } from "./fence-daemon.ts";
import { type FenceDevice, readFenceDevices } from "./fence-devices.ts";
import { PROBLEMS_MAX } from "./limits.ts";
import { linesOf } from "./line-list.ts";
import { LOGGING_DEFAULTS, type LoggingConfig, readLogging } from "./logging.ts";
import { readNodes } from "./nodes.ts";
import { type AgentParameters, createAgentParameters } from "./parameters.ts";
import { type ConfigProblem, createProblems, hasErrors, type Problems } from "./problem.ts";
import { CLUSTER } from "./schema.ts";
import { checkTargets } from "./targets.ts";
import type { ConfigTree } from "./tree.ts";
import { childOf, childrenOf, quoted } from "./values.ts";
import { readVolumeGroups } from "./volume-groups.ts";
import { checkVotes } from "./votes.ts";
import { checkWaits } from "./waits.ts";
import type { Element } from "./xml.ts";

export interface ParseOptions {
  /** What a node says of its agents and files; the lines are then checked against it. */
  readonly facts?: NodeFacts;
}

/**
 * Shape: `config` and `parameters` are there exactly when no problem is an error; warnings may be.
 */
export interface ParsedConfig {
  readonly config?: ClusterConfig;
  readonly parameters?: AgentParameters;
  readonly logging: LoggingConfig;
  readonly legacy: LegacyFenceSettings;
  /** Corosync's key by `cman` or `totem`. */
  readonly keyfile?: string;
  /** Attributes of `<totem>` as written: Corosync's business, shown to people. */
  readonly totem: Readonly<Record<string, string>>;
  /** Names of elements that were accepted and not looked at, each once. */
  readonly foreign: readonly string[];
  /** SHA-256 of the bytes, hexadecimal; absent for a file too large to be read. */
  readonly digest?: string;
  readonly problems: readonly ConfigProblem[];
}

/** Errors: never throws; whatever is wrong is among the problems. */
export function configOf(tree: ConfigTree, options: ParseOptions = {}): ParsedConfig {
  const { root, digest } = tree;
  // A list that was cut is full: nothing that follows would be shown.
  const isFull = tree.problems.length > PROBLEMS_MAX;
  if (root === undefined || digest === undefined || isFull) return refused(tree.problems, digest);
  const problems = createProblems();
  for (const { line, column = 0, what, expected, nearest } of tree.problems) {
    problems.error({ line, column }, what, expected, nearest);
  }
  checkSchema(root, problems);
  if (root.name !== "cluster") return refused(problems.all(), digest);

  const settings = readCluster(root, problems);
  const { fenceDaemon, legacy } = readFenceDaemon(childOf(root, "fence_daemon"), problems);
  const logging = readLogging(childOf(root, "logging"), problems);
  const suspendedGroups = readVolumeGroups(childOf(root, "volume_groups"), problems);
  const facts = options.facts ?? {};
  const devices = readFenceDevices(childOf(root, "fencedevices"), facts, problems);
  const used = new Set<string>();
  const { nodes, parameters } = readNodes(childOf(root, "clusternodes"), {
    devices,
    facts,
    keyfile: settings.keyfile,
    problems,
    used,
  });
  checkVotes(root, settings, nodes, problems);
  const lines = linesOf(root, devices);
  checkTargets(
    lines,
    nodes.map(({ name }) => name),
    problems,
  );
  checkWaits(root, fenceDaemon, lines, problems);
  warnOfUnused(devices, used, problems);
  warnOfQuorumDisk(root, problems);

  const { keyfile, ...model } = settings;
  const all = problems.all();
  return {
    ...(hasErrors(all)
      ? {}
      : {
          config: {
            ...model,
            digest,
            nodes,
            fenceDaemon,
            ...(suspendedGroups.length === 0 ? {} : { suspendedGroups }),
          },
          parameters: createAgentParameters(parameters),
        }),
    logging,
    legacy,
    ...(keyfile === undefined ? {} : { keyfile }),
    totem: totemOf(root),
    foreign: foreignOf(root),
    digest,
    problems: all,
  };
}

function refused(problems: readonly ConfigProblem[], digest: string | undefined): ParsedConfig {
  return {
    logging: LOGGING_DEFAULTS,
    legacy: {},
    totem: {},
    foreign: [],
    ...(digest === undefined ? {} : { digest }),
    problems,
  };
}

function warnOfUnused(
  devices: ReadonlyMap<string, FenceDevice>,
  used: ReadonlySet<string>,
  problems: Problems,
): void {
  for (const { name, element } of devices.values()) {
    if (used.has(name)) continue;
    problems.warn(
      element.place,
      `no node uses fence device ${quoted(name)}`,
      "a <device> that names it, or nothing here",
    );
  }
}

function warnOfQuorumDisk(root: Element, problems: Problems): void {
  const quorumd = childOf(root, "quorumd");
  if (quorumd === undefined) return;
  const what = "<quorumd> is kept and ignored: a quorum disk has no votes any more";
  problems.warn(
    quorumd.place,
    what,
    "a quorum device of Corosync (corosync-qdevice), if a tie must be broken",
  );
}

function totemOf(root: Element): Readonly<Record<string, string>> {
  const attributes = childOf(root, "totem")?.attributes ?? [];
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
}

function foreignOf(root: Element): readonly string[] {
  if (CLUSTER.children === "any") return [];
  const rules = Object.entries(CLUSTER.children).filter(([, rule]) => rule.children === "any");
  return rules.map(([name]) => name).filter((name) => childrenOf(root, name).length > 0);
}
