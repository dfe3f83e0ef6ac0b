/** This node's agents and password scripts, as the checks of a configuration want to know them. */
import { parseAgentMetadata } from "../adapters/process/agent-metadata.ts";
import { createExec } from "../adapters/process/exec.ts";
import { lookAtFile } from "../adapters/system/file-facts.ts";
import { AGENT_FOLDERS } from "../agents/external/external-agents.ts";
import { createMetadataCache } from "../agents/external/metadata-cache.ts";
import { loadBuiltin } from "../agents/frame/builtin.ts";
import { describeBuiltin } from "../agents/frame/describe.ts";
import type { AgentFacts, FileFacts, NodeFacts, Questions } from "../config/facts.ts";
import type { ToolResult } from "./context.ts";

/** Agents that are asked for their metadata at the same time: each is a process. */
const ASKED_AT_ONCE = 4;

/** Errors: never rejects; what cannot be found out counts as missing or silent. */
export async function lookAtNode(questions: Questions): Promise<NodeFacts> {
  const exec = createExec();
  const cache = createMetadataCache(exec, parseAgentMetadata, new AbortController().signal);
  const agents = new Map<string, AgentFacts>();
  const describe = async (name: string): Promise<void> => {
    const builtin = await loadBuiltin(name);
    if (builtin !== undefined) return void agents.set(name, describeBuiltin(builtin));
    const executable = await exec.find(name, AGENT_FOLDERS);
    const metadata = executable === undefined ? undefined : await cache.read(executable);
    const unknown = { type: executable === undefined ? "missing" : "silent" } as const;
    agents.set(name, metadata === undefined ? unknown : { type: "described", ...metadata });
  };
  for (let first = 0; first < questions.agents.length; first += ASKED_AT_ONCE) {
    await Promise.all(questions.agents.slice(first, first + ASKED_AT_ONCE).map(describe));
  }
  const files = new Map<string, FileFacts>();
  for (const path of questions.files) files.set(path, await lookAtFile(path));
  return { agents, files };
}

/** Where Debian puts Corosync's tools. */
const TOOL_FOLDERS: readonly string[] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** A Corosync that hangs must not hang a command. Units: ms. */
const TOOL_BUDGET_MS = 20_000;

export async function runTool(name: string, args: readonly string[]): Promise<ToolResult | undefined> {
  const exec = createExec();
  const found = await exec.find(name, TOOL_FOLDERS);
  if (found === undefined) return undefined;
  const { exitCode, stdout, stderr } = await exec.run({ file: found.file, args, budgetMs: TOOL_BUDGET_MS });
  if (exitCode === undefined || stdout.bytesLost > 0) return undefined;
  return { exit: exitCode, stdout: stdout.head, stderr: stderr.head };
}
