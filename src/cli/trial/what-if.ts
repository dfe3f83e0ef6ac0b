/** `bouncer what-if` at work. Loads the simulator. */
import { nearest } from "../../config/nearest.ts";
import { type ClusterConfig, nodeByName } from "../../core/config.ts";
import { OperationError } from "../../core/errors.ts";
import type { NodeId } from "../../core/ids.ts";
import { type DeviceAliases, devicesOf, type Fault, namesOfDevice } from "../../sim/trial/faults.ts";
import { whatIf } from "../../sim/trial/what-if.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../fail.ts";
import { formatWhatIf } from "../format/what-if.ts";
import { type JsonOption, printJson } from "../session.ts";
import { readPlayed } from "./config.ts";

export interface WhatIfCommandOptions extends JsonOption {
  readonly config?: string;
  readonly token?: number;
  readonly lose?: readonly string[];
  readonly powerCut?: readonly string[];
  readonly deviceDown?: readonly string[];
  readonly daemonDown?: readonly string[];
  readonly diskHang?: readonly string[];
  readonly fence?: readonly string[];
  readonly away?: readonly string[];
  readonly cut?: readonly (readonly string[])[];
  readonly all?: true;
  readonly strict?: true;
}

/** Answers the exit code. */
export async function play(ctx: CliContext, options: WhatIfCommandOptions): Promise<number> {
  const { config, aliases, timing } = await readPlayed(ctx, options);
  const faults = faultsOf(config, aliases, options);
  if (faults.length === 0) {
    throw new UsageError(
      "nothing was said to fail",
      "Name at least one of: --lose, --power-cut, --device-down, --daemon-down, --disk-hang, --fence, --cut",
    );
  }
  const away = [...new Set(options.away)].map((name) => nodeNamed(config, name));
  const story = whatIf(config, faults, {
    timing,
    away,
    ...(options.all ? { detail: "everything" } : {}),
  });
  if (options.json) printJson(ctx, { cluster: config.name, version: config.version, ...story });
  else ctx.out(formatWhatIf(config, story, ctx));
  return options.strict && story.outcome.verdict === "freezes" ? EXIT.failed : EXIT.ok;
}

function faultsOf(
  config: ClusterConfig,
  aliases: DeviceAliases,
  options: WhatIfCommandOptions,
): readonly Fault[] {
  const nodes = (
    type: "silent" | "dead" | "daemon" | "disk" | "fenced",
    names: readonly string[] = [],
  ): readonly Fault[] => [...new Set(names)].map((name) => ({ type, node: nodeNamed(config, name) }));
  const devices = new Map(
    (options.deviceDown ?? []).map((name): [string, Fault] => {
      const all = namesOfDevice(config, deviceNamed(config, name), aliases);
      return [all.join(), { type: "device", devices: all }];
    }),
  );
  return [
    ...devices.values(),
    ...nodes("disk", options.diskHang),
    ...nodes("silent", options.lose),
    ...nodes("dead", options.powerCut),
    ...nodes("daemon", options.daemonDown),
    ...nodes("fenced", options.fence),
    ...(options.cut === undefined ? [] : [cutOf(config, options.cut)]),
  ];
}

function cutOf(config: ClusterConfig, parts: readonly (readonly string[])[]): Fault {
  const groups = parts.map((part) => part.map((name) => nodeNamed(config, name)));
  const named = groups.flat();
  const twice = named.find((node, at) => named.indexOf(node) !== at);
  if (twice !== undefined) {
    const who = config.nodes.find((node) => node.id === twice)?.name ?? "";
    throw new UsageError(`--cut names ${who} in two places`, "Each node is in one part");
  }
  const rest = config.nodes.map((node) => node.id).filter((node) => !named.includes(node));
  const [first = [], ...others] = groups;
  return { type: "cut", groups: [[...first, ...rest], ...others] };
}

function nodeNamed(config: ClusterConfig, name: string): NodeId {
  const found = nodeByName(config, name);
  if (found !== undefined) return found.id;
  const names = config.nodes.map((node) => node.name);
  throw new OperationError(
    "REQ_NODE_UNKNOWN",
    `no node "${name}" in cluster.conf; ${meant(name, names, "nodes")}`,
  );
}

function deviceNamed(config: ClusterConfig, name: string): string {
  const names = devicesOf(config);
  if (names.includes(name)) return name;
  throw new UsageError(
    `no node is fenced by a device "${name}"; ${meant(name, names, "devices")}`,
    "The names are those of <fencedevice> in cluster.conf",
  );
}

function meant(name: string, names: readonly string[], what: string): string {
  const near = nearest(name, names);
  return near === undefined ? `the ${what} are ${names.join(", ")}` : `did you mean ${near}?`;
}
