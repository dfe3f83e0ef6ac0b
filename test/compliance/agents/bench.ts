/** What the tests of this folder share: fixture agents, a place for records, and its removal. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { parseAgentMetadata } from "../../../src/adapters/process/agent-metadata.ts";
import { createExec } from "../../../src/adapters/process/exec.ts";
import { createExternalAgents, type ExternalAgents } from "../../../src/agents/external/external-agents.ts";
import type { AgentParameters } from "../../../src/ports/agent-parameters.ts";
import type { AgentOutcome } from "../../../src/ports/agent-runner.ts";

export const FIXTURES = new URL("../../fixtures/agents", import.meta.url).pathname;

export interface Bench {
  readonly folder: string;
  readonly record: string;
  readonly agents: ExternalAgents;
  /** Runs one agent with these parameters. */
  run(use: AgentParameters, action: string, budgetMs?: number, cancel?: AbortSignal): Promise<AgentOutcome>;
  /** Writes an executable into the folder. */
  script(name: string, text: string): string;
  /** Process ids that a fixture wrote down; they are ended when the test ends. */
  recorded(): readonly number[];
}

const BUDGET_MS = 60_000;

export function createBench(t: TestContext, named: readonly string[] = []): Bench {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-agents-"));
  const record = join(folder, "record");
  let next: AgentParameters | undefined;
  const agents = createExternalAgents({
    parameters: { lookup: () => next },
    agentNames: () => named,
    exec: createExec(),
    parseMetadata: parseAgentMetadata,
    agentPath: [FIXTURES, folder, "/usr/sbin", "/usr/bin", "/bin"],
  });
  const recorded = (): number[] => {
    try {
      return readFileSync(record, "utf8")
        .split("\n")
        .map(Number)
        .filter((pid) => pid > 1);
    } catch {
      return []; // Nothing was written down.
    }
  };
  t.after(async () => {
    await agents.close();
    for (const pid of recorded().filter(isRunning)) process.kill(pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    record,
    agents,
    recorded,
    run(use, action, budgetMs = BUDGET_MS, cancel) {
      next = use;
      const request = { node: "tpve02", method: 0, device: 0, action, budgetMs };
      return agents.run(cancel === undefined ? request : { ...request, cancel });
    },
    script(name, text) {
      const file = join(folder, name);
      writeFileSync(file, text, { mode: 0o755 });
      return file;
    },
  };
}

/** Zombies do not run: they only wait for somebody to count them. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^\d+ \(.*\) [ZX] /s.test(stat);
  } catch {
    return false;
  }
}

/** Resolves when the process is gone; the test's own time limit is the bound. */
export async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setImmediate(resolve));
}
