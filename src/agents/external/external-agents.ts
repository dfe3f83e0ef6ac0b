/** {@link AgentRunner} for executables that speak the fence agent interface. See docs/agents.md. */
import type { AgentTraits } from "../../core/config.ts";
import type { Millis } from "../../core/ids.ts";
import type { AgentMetadata, ParseAgentMetadata } from "../../ports/agent-metadata.ts";
import type { AgentParameterSource, AgentParameters } from "../../ports/agent-parameters.ts";
import type { AgentOutcome, AgentRequest, AgentRunner } from "../../ports/agent-runner.ts";
import type { Exec, Executable } from "../../ports/exec.ts";
import { eitherOf } from "../frame/pace.ts";
import { askPassword } from "../password-source.ts";
import { agentInput } from "./agent-input.ts";
import { agentNameProblem } from "./agent-name.ts";
import { isPowerAction, judge } from "./judge.ts";
import { METADATA_RUNS_MAX, RUNS_MAX } from "./limits.ts";
import { createMetadataCache } from "./metadata-cache.ts";
import { createRedact } from "./redact.ts";
import { traitsOf, traitsOfMissing } from "./traits.ts";

export interface ExternalAgentsOptions {
  readonly parameters: AgentParameterSource;
  /** Every agent that the configuration names, now; repetitions are harmless. */
  readonly agentNames: () => readonly string[];
  readonly exec: Exec;
  readonly parseMetadata: ParseAgentMetadata;
  /** Monotonic. */
  readonly now?: () => Millis;
  /** Folders in which agents and passwd_scripts are looked for, in order. */
  readonly agentPath?: readonly string[];
}

export interface ExternalAgents extends AgentRunner {
  /** What the agent says of itself; undefined: not installed, or it does not say. */
  metadata(agent: string): Promise<AgentMetadata | undefined>;
}

export const AGENT_FOLDERS: readonly string[] = [
  "/usr/sbin",
  "/sbin",
  "/usr/local/sbin",
  "/usr/bin",
  "/bin",
  "/usr/local/bin",
];

export function createExternalAgents(options: ExternalAgentsOptions): ExternalAgents {
  const { exec, parameters } = options;
  const folders = options.agentPath ?? AGENT_FOLDERS;
  const now = options.now ?? (() => performance.now());
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const cache = createMetadataCache(exec, options.parseMetadata, closing.signal);

  function track<T>(work: Promise<T>): Promise<T> {
    running.add(work);
    return work.finally(() => running.delete(work));
  }

  async function runOne(request: AgentRequest): Promise<AgentOutcome> {
    const startedAt = now();
    const elapsedMs = (): Millis => Math.max(0, Math.round(now() - startedAt));
    const failed = (detail: string, result: "failed" | "timeout" = "failed"): AgentOutcome => ({
      result,
      ...(isPowerAction(request.action) ? { power: "unknown" as const } : {}),
      detail: createRedact([])(detail),
      tookMs: elapsedMs(),
    });

    if (closing.signal.aborted) return failed("the daemon is about to end");
    if (running.size >= RUNS_MAX) return failed(`${RUNS_MAX} agents run already`);
    if (!/^[a-z][a-z-]{0,31}$/i.test(request.action)) return failed("that is not the name of an action");
    const found = lookup(parameters, request);
    if (found === undefined) return failed("the configuration has no such device line (any more)");
    const problem = agentNameProblem(found.agent);
    if (problem !== undefined) return failed(problem);
    const executable = await exec.find(found.agent, folders);
    if (executable === undefined) {
      return failed(
        `${found.agent} is not installed on this node (or may not be executed, or its disk does not answer): ` +
          "apt-get install fence-agents",
      );
    }
    const password = await passwordFor(found, request, elapsedMs);
    if (password !== undefined && !password.ok) return failed(password.problem, password.result);

    const outcome = await ask(password?.password);
    const other = password?.other;
    // Agents do not say why they failed. While a password is being changed two are valid: the other one, then.
    if (other === undefined || outcome.result !== "failed" || request.budgetMs - elapsedMs() <= 0)
      return outcome;
    const second = await ask(other);
    return second.result === "failed" ? outcome : second;

    async function ask(text: string | undefined): Promise<AgentOutcome> {
      const input = agentInput({
        parameters: found as AgentParameters,
        node: request.node,
        action: request.action,
        ...(text === undefined ? {} : { password: text }),
        metadata: cache.known(executable as Executable),
      });
      if (!input.ok) return failed(input.problem);
      const leftMs = request.budgetMs - elapsedMs();
      if (leftMs <= 0) return failed("its time was over before it could start", "timeout");
      const result = await exec.run({
        file: (executable as Executable).file,
        stdin: input.bytes,
        budgetMs: leftMs,
        cancel: eitherOf(closing.signal, request.cancel),
      });
      const judged = judge(request.action, result, createRedact(input.secrets, input.logins));
      return { ...judged, tookMs: elapsedMs() };
    }
  }

  async function passwordFor(found: AgentParameters, request: AgentRequest, elapsedMs: () => Millis) {
    if (found.passwdScript === undefined) return undefined;
    const budgetMs = Math.max(0, request.budgetMs - elapsedMs());
    return askPassword(found.passwdScript, exec, { budgetMs, folders, cancel: closing.signal });
  }

  async function describe(agent: string): Promise<AgentTraits> {
    if (agentNameProblem(agent) !== undefined) return traitsOfMissing(agent);
    const executable = await exec.find(agent, folders);
    if (executable === undefined) return traitsOfMissing(agent);
    return traitsOf(agent, await cache.read(executable));
  }

  return {
    run: (request) => track(runOne(request)),
    async traits() {
      const names = [...new Set(options.agentNames())];
      const described = new Map<string, AgentTraits>();
      const waiting = [...names];
      const worker = async (): Promise<void> => {
        for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
          described.set(name, await describe(name));
        }
      };
      await track(Promise.all(Array.from({ length: METADATA_RUNS_MAX }, worker)));
      return names.map((name) => described.get(name) ?? traitsOfMissing(name));
    },
    async metadata(agent) {
      if (agentNameProblem(agent) !== undefined) return undefined;
      const executable = await exec.find(agent, folders);
      return executable === undefined ? undefined : track(cache.read(executable));
    },
    async close() {
      closing.abort();
      await Promise.allSettled([...running]);
    },
  };
}

/** The source is somebody else's code; a run must end with an outcome all the same. */
function lookup(source: AgentParameterSource, request: AgentRequest): AgentParameters | undefined {
  try {
    return source.lookup(request.node, request.method, request.device, request.action, request.config);
  } catch {
    return undefined;
  }
}
