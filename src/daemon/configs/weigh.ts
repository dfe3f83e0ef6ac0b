/**
 * A staged configuration, looked at on this node: are its agents here, may its scripts be run, do devices
 * answer with the new settings? Nothing is switched.
 */
import type { NodeFacts } from "../../config/facts.ts";
import { configOf } from "../../config/model.ts";
import type { DeviceParameters } from "../../config/parameters.ts";
import { type ConfigProblem, formatProblem } from "../../config/problem.ts";
import type { AgentRunner } from "../../ports/agent-runner.ts";
import type { LoadedConfig, ReadTree } from "../config-file.ts";

/** Devices that are asked at the same time: controllers are slow, and so are their networks. */
const DEVICES_AT_ONCE = 8;
/** Units: ms. How long one device may take to say its status. */
const STATUS_MS_MAX = 30_000;

export interface WeighPorts {
  readonly readTree: ReadTree;
  readonly facts: (questions: LoadedConfig["questions"]) => Promise<NodeFacts>;
  readonly run: AgentRunner["run"];
  /** This node does not fence itself: its own devices are for the others to ask. */
  readonly local: string;
}

export interface Weighed {
  readonly ok: boolean;
  /** Sentences; no secret is in them. */
  readonly problems: readonly string[];
}

/** Never rejects. */
export async function weigh(
  bytes: Uint8Array,
  next: LoadedConfig,
  inForce: LoadedConfig | undefined,
  ports: WeighPorts,
): Promise<Weighed> {
  const facts = await ports.facts(next.questions);
  const { problems } = configOf(await ports.readTree(bytes), { facts });
  const errors = problems.filter(isError).map(sentence);
  const warnings = problems.filter((one) => one.severity === "warning").map(sentence);
  const devices = errors.length > 0 ? [] : await askDevices(next, inForce, ports);
  return { ok: errors.length + devices.length === 0, problems: [...errors, ...devices, ...warnings] };
}

function isError({ severity }: ConfigProblem): boolean {
  return severity === "error";
}

function sentence(problem: ConfigProblem): string {
  return formatProblem(problem, "cluster.conf");
}

/** Only lines whose settings are new: one that is out of order since last year stops no other change. */
async function askDevices(
  next: LoadedConfig,
  inForce: LoadedConfig | undefined,
  { run, local }: WeighPorts,
): Promise<readonly string[]> {
  const old = new Set((inForce?.lines.all ?? []).map(settingsOf));
  const asked = new Set<string>();
  const lines = next.lines.all.filter((line) => {
    const settings = settingsOf(line);
    if (line.node === local || line.method === "unfence" || old.has(settings) || asked.has(settings))
      return false;
    asked.add(settings);
    return true;
  });
  const problems: string[] = [];
  const config = next.config.digest;
  const ask = async ({ node, method, device, deviceName }: DeviceParameters): Promise<void> => {
    const request = { config, node, method, device, action: "status", budgetMs: STATUS_MS_MAX } as const;
    const { result, power, detail } = await run(request);
    if (result === "ok" && (power === "on" || power === "off")) return;
    problems.push(`fence device ${deviceName} does not say whether ${node} is on: ${detail}`);
  };
  for (let first = 0; first < lines.length; first += DEVICES_AT_ONCE) {
    await Promise.all(lines.slice(first, first + DEVICES_AT_ONCE).map(ask));
  }
  return problems.sort();
}

/** Equal exactly when the agent would be told the same about the same node. */
function settingsOf({ agent, node, pairs, scripts, isExecutable }: DeviceParameters): string {
  const told = pairs
    .filter(({ name }) => name !== "action" && name !== "delay")
    .map(({ name, value }) => [name, typeof value === "string" ? value : value.reveal()]);
  return JSON.stringify([agent, node, told, scripts.map((script) => script.path), isExecutable]);
}
