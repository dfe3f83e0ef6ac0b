/** The configuration file, read with limits, and what the agents need of it. */
import { open } from "node:fs/promises";
import { type Questions, questionsOf } from "../config/facts.ts";
import { CONFIG_BYTES_MAX } from "../config/limits.ts";
import { configOf } from "../config/model.ts";
import { type AgentParameters as DeviceLines, pairsForAction } from "../config/parameters.ts";
import { formatProblem } from "../config/problem.ts";
import type { ConfigTree } from "../config/tree.ts";
import type { ClusterConfig, NodeConfig } from "../core/config.ts";
import { OperationError } from "../core/errors.ts";
import type { AgentParameterSource, AgentParameters, AgentUse } from "../ports/agent-parameters.ts";

export interface LoadedConfig {
  readonly config: ClusterConfig;
  readonly lines: DeviceLines;
  /** What to look for on a node before it can be checked there. */
  readonly questions: Questions;
  /** `FILE:LINE: warning: …` */
  readonly warnings: readonly string[];
}

/** From the bytes of a file to its elements; rejects with a sentence when that cannot be done. */
export type ReadTree = (bytes: Uint8Array) => Promise<ConfigTree>;

/** Errors: `CFG_UNREADABLE`. Never more than one byte past the limit: a file of any size costs the same. */
export function readConfigFile(path: string): Promise<Uint8Array> {
  return readStart(path, CONFIG_BYTES_MAX + 1);
}

/** Errors: `CFG_UNREADABLE`, or `CFG_INVALID` with every problem on a line of its own. */
export async function readConfig(bytes: Uint8Array, name: string, readTree: ReadTree): Promise<LoadedConfig> {
  const tree = await readTree(bytes).catch((error: Error) => {
    throw new OperationError("CFG_UNREADABLE", `${name} was not read: ${error.message}`, { cause: error });
  });
  const { config, parameters, problems } = configOf(tree);
  const texts = problems.map((problem) => formatProblem(problem, name));
  if (config === undefined || parameters === undefined) {
    throw new OperationError("CFG_INVALID", `the configuration cannot be used:\n${texts.join("\n")}\n`);
  }
  const warnings = texts.filter((_, index) => problems[index]?.severity !== "hint");
  return { config, lines: parameters, questions: questionsOf(tree.root), warnings };
}

/** Never more than `bytesMax`: a file of any size costs the same. */
async function readStart(path: string, bytesMax: number): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      if ((await file.stat()).isDirectory()) throw new Error("it is a directory");
      const buffer = new Uint8Array(bytesMax);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, bytesMax - length, null);
        length += bytesRead;
        if (bytesRead === 0 || length === bytesMax) return buffer.slice(0, length);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "permission denied" : message;
    throw new OperationError("CFG_UNREADABLE", `${path} cannot be read: ${why}`, { cause: error });
  }
}

/** Gives the agents the parameters of the configuration that they are run for. */
export function createParameterSource(
  lines: (digest: string | undefined) => DeviceLines | undefined,
): AgentParameterSource {
  return {
    lookup(node, method, device, action, config): AgentParameters | undefined {
      const line = lines(config)?.find(node, method, device);
      if (line === undefined) return undefined;
      const script = line.scripts.at(-1);
      return {
        agent: line.agent,
        device: line.deviceName,
        pairs: pairsForAction(line, action).map(({ name, value }) => [name, value] as const),
        ...(script === undefined ? {} : { passwdScript: script.path }),
        ...(line.isExecutable ? { executable: true } : {}),
      };
    },
  };
}

/** Which agents the lines use: an agent that is wanted both ways counts twice. In document order. */
export function agentUsesOf(lines: readonly DeviceLines[]): readonly AgentUse[] {
  const uses = new Map<string, { agent: string; executable: boolean; devices: Set<string> }>();
  for (const { agent, isExecutable: executable, deviceName } of lines.flatMap((one) => one.all)) {
    const key = `${agent} ${executable}`;
    const use = uses.get(key) ?? { agent, executable, devices: new Set() };
    use.devices.add(deviceName);
    uses.set(key, use);
  }
  return [...uses.values()].map((use) => ({ ...use, devices: [...use.devices] }));
}

/**
 * The node that this machine is: `--node`, or the host's full name, or its first part.
 *
 * Errors: `CFG_NODE_MISSING` with the names that there are.
 */
export function findLocalNode(
  config: ClusterConfig,
  asked: string | undefined,
  hostname: string,
): NodeConfig {
  const names = asked === undefined ? [hostname, hostname.split(".")[0] ?? hostname] : [asked];
  for (const name of names) {
    const found = config.nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
  }
  const known = config.nodes.map((node) => node.name).join(", ");
  const wanted = asked === undefined ? `this host, "${hostname}"` : `"${asked}"`;
  throw new OperationError(
    "CFG_NODE_MISSING",
    `cluster.conf has no node for ${wanted}; its nodes are ${known}`,
  );
}
