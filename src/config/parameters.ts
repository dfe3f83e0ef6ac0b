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

/** A script whose output is the value of a parameter, e.g. `passwd_script` gives `passwd`. */
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

const SCRIPT_ENDING = "_script";

/** The scripts among the parameters. Of several with one name the last counts, as with the agents. */
export function passwordScripts(pairs: readonly ParameterPair[]): readonly PasswordScript[] {
  const byName = new Map<string, PasswordScript>();
  for (const { name, value } of pairs) {
    const gives = name.slice(0, -SCRIPT_ENDING.length);
    if (!name.endsWith(SCRIPT_ENDING) || !isSecretName(gives) || typeof value !== "string") continue;
    byName.set(name, { name, gives, path: value });
  }
  return [...byName.values()];
}

/** Actions for which an agent's own `delay` has a meaning: it keeps two nodes from a fence race. */
const DELAYED_ACTIONS: ReadonlySet<string> = new Set(["off", "reboot", "cycle"]);

/**
 * The final lines for one run of an agent. The action asked for is always sent and the only one, so
 * that no agent falls back to its default, which is to reboot. `method` is left out: `cycle` would
 * report success before the power is off. Without a configured `power_wait` the agent gets 0: it is
 * the reading back that counts, not a pause.
 *
 * @param passwords what the scripts printed, by the name of the script's parameter
 */
export function agentInput(
  parameters: DeviceParameters,
  action: string,
  passwords: ReadonlyMap<string, Secret> = new Map(),
): readonly ParameterPair[] {
  const scripts = parameters.scripts.filter((script) => passwords.has(script.name));
  const replaced = new Set(scripts.flatMap((script) => [script.name, script.gives]));
  const kept = parameters.pairs.filter(({ name }) => {
    if (name === "action" || name === "option" || name === "method") return false;
    if (name === "delay") return DELAYED_ACTIONS.has(action);
    return !replaced.has(name);
  });
  const nodenameAt = kept.findIndex((pair) => pair.name === "nodename");
  const input = kept.toSpliced(nodenameAt + 1, 0, { name: "action", value: action });
  for (const script of scripts) {
    const value = passwords.get(script.name);
    if (value !== undefined) input.push({ name: script.gives, value });
  }
  if (!input.some((pair) => pair.name === "power_wait")) input.push({ name: "power_wait", value: "0" });
  return input;
}

/** The bytes for the agent's standard input, secrets revealed. Never log what this returns. */
export function formatAgentInput(pairs: readonly ParameterPair[]): string {
  return pairs.map(({ name, value }) => `${name}=${revealed(value)}\n`).join("");
}

/** The same for people: secrets shown as `[secret]`. */
export function describeAgentInput(pairs: readonly ParameterPair[]): string {
  return pairs.map(({ name, value }) => `${name}=${String(value)}`).join(" ");
}

/** The secret texts among the parameters, to be removed from whatever an agent prints. */
export function secretTexts(pairs: readonly ParameterPair[]): readonly string[] {
  return pairs.flatMap(({ value }) =>
    value instanceof Secret && value.reveal() !== "" ? [value.reveal()] : [],
  );
}

function revealed(value: string | Secret): string {
  return typeof value === "string" ? value : value.reveal();
}
