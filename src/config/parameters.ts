/**
 * What the agents are told, kept apart from the model that the core sees: it holds the secrets.
 * Source: fence agent API (names on stdin); cluster 3.x libfence for the order of the parameters.
 */
import type { NodeName } from "../core/ids.ts";
import { isSecretName, Secret } from "./secret.ts";

/** One `name=value` line of an agent's standard input. Shape: neither part holds a line break. */
export interface ParameterPair {
  readonly name: string;
  readonly value: string | Secret;
}

/** A script whose output is the password: `passwd_script` gives `passwd`. */
export interface PasswordScript {
  readonly name: string;
  readonly gives: string;
  readonly path: string;
}

/** One `<device>` line with everything that its agent gets. */
export interface DeviceParameters {
  readonly node: NodeName;
  /** Position among the node's methods, or the lines of `<unfence>`. */
  readonly method: number | "unfence";
  readonly device: number;
  readonly deviceName: string;
  readonly agent: string;
  /**
   * In the order in which the old stack sent them: attributes of the device line, `nodename`,
   * attributes of the fence device (`agent` among them), duplicates included: the last one wins.
   */
  readonly pairs: readonly ParameterPair[];
  /** True when `nodename` is among the pairs because every agent gets it, not because somebody wrote it. */
  readonly isNodenameAdded: boolean;
  /** True when `builtin="0"` is written: the executable, although one of the name may be built in. */
  readonly isExecutable: boolean;
  readonly scripts: readonly PasswordScript[];
}

/** Parameters of every device line of a configuration. Printing it shows no secret. */
export interface AgentParameters {
  readonly all: readonly DeviceParameters[];
  find(node: NodeName, method: number | "unfence", device: number): DeviceParameters | undefined;
  /** Every executable that a line uses, each once, in document order. */
  agents(): readonly string[];
}

export function createAgentParameters(all: readonly DeviceParameters[]): AgentParameters {
  return {
    all,
    find: (node, method, device) =>
      all.find((one) => one.node === node && one.method === method && one.device === device),
    agents: () => [...new Set(all.map((one) => one.agent))],
  };
}

export function createPair(name: string, value: string): ParameterPair {
  return { name, value: isSecretName(name) ? new Secret(value) : value };
}

/** Where a password comes from, by the ending of the parameter. Others of these endings are the agents' own. */
const SOURCES: readonly (readonly [ending: string, prefix: string])[] = [
  ["_script", ""],
  ["_file", "file:"],
  ["_credential", "credential:"],
  ["_sealed", "sealed:"],
];

const SOURCE_NAMES: ReadonlySet<string> = new Set(
  SOURCES.flatMap(([ending]) => [`passwd${ending}`, `password${ending}`]),
);

/** True when it says where the password is: never given to an agent, but for a script's path. */
export function isPasswordSource(name: string): boolean {
  return SOURCE_NAMES.has(name);
}

/**
 * The sources among the parameters. Of several with one name the last counts, as with the agents.
 *
 * Shape: `path` is what the runner is given: a script as it is written, else the kind in front; a sealed
 * value has the key file that opens it in between.
 */
export function passwordScripts(
  pairs: readonly ParameterPair[],
  keyfile = KEYFILE_DEFAULT,
): readonly PasswordScript[] {
  const byName = new Map<string, PasswordScript>();
  for (const { name, value } of pairs) {
    if (!SOURCE_NAMES.has(name) || typeof value !== "string") continue;
    const [ending = "", prefix = ""] = SOURCES.find(([one]) => name.endsWith(one)) ?? [];
    const key = prefix === "sealed:" ? `${keyfile}:` : "";
    byName.set(name, { name, gives: name.slice(0, -ending.length), path: `${prefix}${key}${value}` });
  }
  return [...byName.values()];
}

/** Corosync's own. */
export const KEYFILE_DEFAULT = "/etc/corosync/authkey";

/** For us alone: no agent has a parameter of this name. */
export const BUILTIN = "builtin";

/** Actions for which an agent's own `delay` has a meaning: it keeps two nodes from a fence race. */
const DELAYED_ACTIONS: ReadonlySet<string> = new Set(["off", "reboot", "cycle"]);

/** `nodename` is the name of a Proxmox host to it, not that of the node to be fenced. */
const NODENAME_MEANS_ELSE = /(?:^|\/)fence_pve$/;

/**
 * What the configuration has to say to an agent that is asked for `action`. The action itself, the
 * password from the script and `power_wait` are added by whoever runs the agent.
 *
 * Left out: `action` and `option`, so that the action asked for is the only one; `method`, because
 * `cycle` reports success before the power is off; `builtin`, which is ours; `delay` for actions that do not cut anybody off.
 */
export function pairsForAction(parameters: DeviceParameters, action: string): readonly ParameterPair[] {
  return parameters.pairs.filter(({ name }) => {
    if (name === "action" || name === "option" || name === "method" || name === BUILTIN) return false;
    if (isPasswordSource(name) && !name.endsWith("_script")) return false;
    if (name === "delay") return DELAYED_ACTIONS.has(action);
    if (name === "nodename")
      return !parameters.isNodenameAdded || !NODENAME_MEANS_ELSE.test(parameters.agent);
    return true;
  });
}
