/** What this node can say of its agents, scripts and password files, for the checks of a staged configuration. */
import { lookAtFile } from "../../adapters/system/file-facts.ts";
import type { AgentFacts, FileFacts, NodeFacts, Questions } from "../../config/facts.ts";
import type { AgentMetadata } from "../../ports/agent-metadata.ts";

/** Agents that are asked for their metadata at the same time: each is a process. */
const ASKED_AT_ONCE = 4;

/** Where agents are looked for and what they say of themselves. */
export interface AgentLibrary {
  /** Undefined: it is not built in. */
  builtin(name: string): Promise<AgentFacts | undefined>;
  isInstalled(name: string): Promise<boolean>;
  metadata(name: string): Promise<AgentMetadata | undefined>;
}

/** Errors: never rejects; what cannot be found out counts as missing or silent. */
export async function lookAtNode(questions: Questions, library: AgentLibrary): Promise<NodeFacts> {
  const agents = new Map<string, AgentFacts>();
  const describe = async (name: string): Promise<void> => {
    const builtin = await library.builtin(name);
    if (builtin !== undefined) return void agents.set(name, builtin);
    const metadata = await library.metadata(name);
    if (metadata !== undefined) return void agents.set(name, { type: "described", ...metadata });
    agents.set(name, { type: (await library.isInstalled(name)) ? "silent" : "missing" });
  };
  for (let first = 0; first < questions.agents.length; first += ASKED_AT_ONCE) {
    await Promise.all(questions.agents.slice(first, first + ASKED_AT_ONCE).map(describe));
  }
  const files = new Map<string, FileFacts>();
  for (const path of questions.files) files.set(path, await lookAtFile(path));
  return { agents, files };
}
