/** {@link AgentRunner} that runs built-in agents in this process, and leaves the others to another runner. */
import type { AgentTraits } from "../core/config.ts";
import type { Millis } from "../core/ids.ts";
import type { AgentParameterSource, AgentParameters } from "../ports/agent-parameters.ts";
import type { AgentOutcome, AgentRequest, AgentRunner } from "../ports/agent-runner.ts";
import type { Exec } from "../ports/exec.ts";
import { AGENT_FOLDERS } from "./external/external-agents.ts";
import { isPowerAction } from "./external/judge.ts";
import { RUNS_MAX } from "./external/limits.ts";
import { askPasswordScript } from "./external/password-script.ts";
import { createRedact } from "./external/redact.ts";
import type { AgentAction, AgentAnswer, BuiltinAgent } from "./frame/agent.ts";
import { loadBuiltin } from "./frame/builtin.ts";
import { check } from "./frame/check.ts";
import { givenFrom } from "./frame/given.ts";
import type { Values } from "./frame/values.ts";

export interface BuiltinRunnerOptions {
  readonly parameters: AgentParameterSource;
  /** Every agent that the configuration names, now. */
  readonly agentNames: () => readonly string[];
  /** For what is not built in, for `builtin="0"`, and for parameters that the built-in one cannot do. */
  readonly external: AgentRunner;
  /** Runs passwd_scripts. */
  readonly exec: Exec;
  readonly agentPath?: readonly string[];
}

export interface BuiltinRunner extends AgentRunner {
  /** Loads the code of every built-in agent that the configuration names: a shot then loads none. */
  prepare(): Promise<void>;
}

/** On a device: `builtin="0"` has the executable of the name do it. */
const SWITCH = "builtin";
const OFF_WORDS: ReadonlySet<string> = new Set(["0", "no", "off", "false"]);

export function createBuiltinRunner(options: BuiltinRunnerOptions): BuiltinRunner {
  const { external, exec } = options;
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  async function run(request: AgentRequest): Promise<AgentOutcome> {
    const startedAt = performance.now();
    const elapsedMs = (): Millis => Math.max(0, Math.round(performance.now() - startedAt));
    const failed = (detail: string, result: "failed" | "timeout" = "failed"): AgentOutcome => ({
      result,
      ...(isPowerAction(request.action) ? { power: "unknown" as const } : {}),
      detail: createRedact([])(detail),
      tookMs: elapsedMs(),
    });
    if (closing.signal.aborted) return failed("the daemon is about to end");
    const found = lookup(options.parameters, request);
    const agent = found === undefined || isSwitchedOff(found) ? undefined : await loadBuiltin(found.agent);
    if (found === undefined || agent === undefined) return external.run(request);
    if (running.size >= RUNS_MAX) return failed(`${RUNS_MAX} agents run already`);

    const password = await passwordFor(found, request.budgetMs);
    if (password !== undefined && !password.ok) return failed(password.problem, password.result);
    const given = givenFrom(found.pairs, agent.parameters, request.action, password?.password);
    const checked = check(agent, given);
    if (!checked.ok) return failed(`${agent.name}: ${checked.problems.join("; ")}`);
    if (isWithoutDevice(checked.action)) return { result: "ok", detail: "valid", tookMs: elapsedMs() };

    const deadline = startedAt + request.budgetMs;
    const context = { signal: closing.signal, deadline, identity: "skip" as const };
    const answer = await agent.run(checked.action, checked.values, context);
    if (!answer.ok && answer.problem.kind === "unsupported" && answer.phase === "status") {
      const leftMs = request.budgetMs - elapsedMs();
      if (leftMs > 0) return external.run({ ...request, budgetMs: leftMs });
    }
    return outcomeOf(agent, checked.values, request.action, answer, elapsedMs());
  }

  function passwordFor({ passwdScript }: AgentParameters, budgetMs: Millis) {
    if (passwdScript === undefined) return undefined;
    const folders = options.agentPath ?? AGENT_FOLDERS;
    return askPasswordScript(passwdScript, exec, { budgetMs, folders, cancel: closing.signal });
  }

  return {
    run(request) {
      const work = run(request);
      running.add(work);
      return work.finally(() => running.delete(work));
    },
    async prepare() {
      for (const name of new Set(options.agentNames())) await loadBuiltin(name);
    },
    async traits() {
      const others = await external.traits();
      const names = [...new Set(options.agentNames())];
      const described = await Promise.all(names.map(async (name) => traitsOf(name, await loadBuiltin(name))));
      const own = new Map(described.flatMap((one) => (one === undefined ? [] : [[one.agent, one] as const])));
      // An executable may do more than ours does: what it says stands, where it is there.
      return others.map((one) => (one.installed ? one : (own.get(one.agent) ?? one)));
    },
    async close() {
      closing.abort();
      await Promise.allSettled([...running]);
      await external.close();
    },
  };
}

function outcomeOf(
  agent: BuiltinAgent,
  values: Values,
  action: string,
  answer: AgentAnswer,
  tookMs: Millis,
): AgentOutcome {
  const redact = createRedact(values.secrets(agent.parameters));
  const power = isPowerAction(action) ? { power: answer.power } : {};
  if (answer.ok) {
    const said = [...answer.said, ...answer.warnings].join("; ");
    return { result: "ok", ...power, detail: redact(said === "" ? "done" : said), tookMs };
  }
  const { kind, detail } = answer.problem;
  const result = kind === "timeout" || kind === "cancelled" ? "timeout" : "failed";
  return { result, ...power, detail: redact(`${kind}: ${detail}`), tookMs };
}

function isSwitchedOff({ pairs }: AgentParameters): boolean {
  return pairs.some(
    ([name, value]) => name === SWITCH && typeof value === "string" && OFF_WORDS.has(value.toLowerCase()),
  );
}

function isWithoutDevice(action: AgentAction): boolean {
  return action === "metadata" || action === "manpage" || action === "validate-all";
}

function traitsOf(name: string, agent: BuiltinAgent | undefined): AgentTraits | undefined {
  if (agent === undefined) return undefined;
  const { actions, parameters } = agent;
  const standard = parameters.find((parameter) => parameter.name === "action")?.default ?? "reboot";
  return { agent: name, installed: true, actions, defaultAction: standard };
}

/** The source is somebody else's code; a run must end with an outcome all the same. */
function lookup(source: AgentParameterSource, request: AgentRequest): AgentParameters | undefined {
  try {
    return source.lookup(request.node, request.method, request.device, request.action);
  } catch {
    return undefined;
  }
}
