/** {@link AgentRunner} that runs built-in agents in this process, and leaves the others to another runner. */
import type { AgentTraits } from "../core/config.ts";
import type { Millis } from "../core/ids.ts";
import type { AgentHost } from "../ports/agent-host.ts";
import type { AgentParameterSource, AgentParameters, AgentUse } from "../ports/agent-parameters.ts";
import type { AgentOutcome, AgentRequest, AgentRunner } from "../ports/agent-runner.ts";
import { isPowerAction } from "./external/judge.ts";
import { RUNS_MAX } from "./external/limits.ts";
import type { Password } from "./external/password-script.ts";
import { createRedact } from "./external/redact.ts";
import type { AgentAction, AgentAnswer, AgentContext, BuiltinAgent } from "./frame/agent.ts";
import { BUILTIN_NAMES, loadBuiltin } from "./frame/builtin.ts";
import { check } from "./frame/check.ts";
import { givenFrom } from "./frame/given.ts";
import { eitherOf } from "./frame/pace.ts";
import type { Values } from "./frame/values.ts";
import { createWarm, lookingAnew } from "./frame/warm.ts";
import type { Passwords } from "./passwords.ts";

export interface BuiltinRunnerOptions {
  readonly parameters: AgentParameterSource;
  /** Every agent that the configuration names, now. */
  readonly uses: () => readonly AgentUse[];
  /** For what is not built in, for `builtin="0"`, and for parameters that the built-in one cannot do. */
  readonly external: AgentRunner;
  readonly passwords: Passwords;
  /** For agents whose device hangs on this machine; absent: they are left to the executable. */
  readonly host?: AgentHost;
}

export interface BuiltinRunner extends AgentRunner {
  /** Loads the code of every built-in agent that the configuration names: a shot then loads none. */
  prepare(): Promise<void>;
  /** Devices that were left to the executable, because of what: by name. */
  beyond(): ReadonlyMap<string, string>;
}

/** Units: ms. A password that is older is read again before a look. */
const PASSWORD_FRESH_MS: Millis = 2_000;

export function createBuiltinRunner(options: BuiltinRunnerOptions): BuiltinRunner {
  const { external, passwords } = options;
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const loaded = new Map<string, BuiltinAgent>();
  const warm = createWarm();
  const beyond = new Map<string, string>();

  async function load(name: string): Promise<BuiltinAgent | undefined> {
    const agent = loaded.get(name) ?? (await loadBuiltin(name));
    if (agent !== undefined) loaded.set(name, agent);
    return agent;
  }

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
    if (found === undefined || found.executable === true) return external.run(request);
    const agent = loaded.get(found.agent) ?? (await load(found.agent));
    if (agent === undefined) return external.run(request);
    if (running.size >= RUNS_MAX) return failed(`${RUNS_MAX} agents run already`);

    const { password, notice } = await passwordFor(found, request);
    if (password !== undefined && !password.ok) {
      return { ...failed(password.problem, password.result), kind: "password-script" };
    }
    const noticed = notice === undefined ? {} : { notice: createRedact([])(notice) };
    const shoot = async (text: string | undefined): Promise<AgentOutcome> => {
      const given = givenFrom(found.pairs, agent.parameters, request.action, text, request.node);
      const checked = check(agent, given);
      if (!checked.ok) return { ...failed(`${agent.name}: ${checked.problems.join("; ")}`), kind: "usage" };
      if (isWithoutDevice(checked.action)) return { result: "ok", detail: "valid", tookMs: elapsedMs() };
      const answer = await agent.run(checked.action, checked.values, contextOf(request, startedAt));
      const leftMs = request.budgetMs - elapsedMs();
      const device = found.device ?? found.agent;
      const lacking = lackOf(answer);
      if (lacking === undefined) beyond.delete(device);
      else beyond.set(device, lacking);
      if (lacking !== undefined && leftMs > 0) return external.run({ ...request, budgetMs: leftMs });
      return { ...outcomeOf(agent, checked.values, request.action, answer, elapsedMs()), ...noticed };
    };
    const first = password?.password;
    const outcome = await shoot(first);
    const source = found.passwdScript;
    if (outcome.kind !== "credentials" || source === undefined) return outcome;
    // While a password is being changed two are valid, and either may be the one that the device has.
    const other = passwords.other(source);
    if (other !== undefined && other !== first) {
      const second = await shootAgain(other, outcome);
      if (second.kind !== "credentials") return second;
    }
    // They may be other ones since they were read.
    const leftMs = request.budgetMs - elapsedMs();
    const again = leftMs > 0 ? await passwords.read(source, leftMs) : undefined;
    if (again?.ok !== true) return outcome;
    for (const text of [again.password, again.other]) {
      if (text === undefined || text === first || text === other) continue;
      const next = await shootAgain(text, outcome);
      if (next.kind !== "credentials") return next;
    }
    return outcome;

    async function shootAgain(text: string, before: AgentOutcome): Promise<AgentOutcome> {
      if (request.budgetMs - elapsedMs() <= 0) return before;
      const next = await shoot(text);
      const refused =
        "the first password was refused, another one was taken: bouncer check, then drop the old one";
      return next.kind === "credentials" || next.notice !== undefined ? next : { ...next, notice: refused };
    }
  }

  function contextOf({ action, budgetMs, look, cancel }: AgentRequest, startedAt: Millis): AgentContext {
    const depth = look?.identity ?? "skip";
    return {
      signal: eitherOf(closing.signal, cancel),
      deadline: startedAt + budgetMs,
      identity: depth === "full" ? "ask" : depth,
      // The core asks for two readings of its own, whatever an off says.
      ...(action === "off" ? { confirms: "caller" } : {}),
      warm: look === undefined ? warm : lookingAnew(warm),
      ...(options.host === undefined ? {} : { host: options.host }),
    };
  }

  /** A shot takes what was read beforehand; only when nothing ever was, it has to run the script. */
  async function passwordFor(
    { passwdScript }: AgentParameters,
    { budgetMs, look }: AgentRequest,
  ): Promise<{ readonly password?: Password; readonly notice?: string }> {
    if (passwdScript === undefined) return {};
    const known = passwords.known(passwdScript);
    const isFresh = look === undefined || passwords.ageMs(passwdScript) < PASSWORD_FRESH_MS;
    if (known !== undefined && isFresh) return { password: { ok: true, password: known } };
    const read = await passwords.read(passwdScript, budgetMs);
    if (read.ok || known === undefined) return { password: read };
    return { password: { ok: true, password: known }, notice: `${read.problem}: the older password is used` };
  }

  return {
    run(request) {
      const work = run(request);
      running.add(work);
      return work.finally(() => running.delete(work));
    },
    beyond: () => beyond,
    async prepare() {
      for (const { agent, executable } of options.uses()) if (!executable) await load(agent);
    },
    async traits() {
      const own = new Map<string, AgentTraits>();
      for (const { agent, executable } of options.uses()) {
        const found = executable ? undefined : await load(agent);
        if (found !== undefined) own.set(agent, traitsOf(agent, found));
      }
      const others = await external.traits();
      const names = [...new Set(options.uses().map(({ agent }) => agent))];
      // What is built in and also wanted as an executable somewhere is one and the same kind of agent.
      return names.flatMap((name) => own.get(name) ?? others.find((one) => one.agent === name) ?? []);
    },
    async close() {
      closing.abort();
      passwords.close();
      await Promise.allSettled([...running]);
      await external.close();
    },
  };
}

/** Names that the executables have to describe themselves for. */
export function executablesOf(uses: readonly AgentUse[]): readonly string[] {
  const wanted = uses.filter(({ agent, executable }) => executable || !BUILTIN_NAMES.includes(agent));
  return [...new Set(wanted.map(({ agent }) => agent))];
}

/** What is not built in, told before anything was sent; undefined: everything that was wanted is. */
function lackOf(answer: AgentAnswer): string | undefined {
  const isLacking = !answer.ok && answer.problem.kind === "unsupported" && answer.phase === "status";
  return isLacking ? answer.problem.detail : undefined;
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
    const who = answer.identity === undefined ? {} : { identity: cleaned(answer.identity, redact) };
    return { result: "ok", ...power, ...who, detail: redact(said === "" ? "done" : said), tookMs };
  }
  const { kind, detail } = answer.problem;
  const result = kind === "timeout" || kind === "cancelled" ? "timeout" : "failed";
  return { result, ...power, kind, detail: redact(`${kind}: ${detail}`), tookMs };
}

/** What a device says of itself is as trustworthy as anything else that it says. */
function cleaned(
  { serial, uuids, product }: NonNullable<AgentAnswer["identity"]>,
  redact: (text: string) => string,
): NonNullable<AgentOutcome["identity"]> {
  const short = (text: string): string => redact(text).slice(0, IDENTITY_CHARS_MAX);
  return {
    ...(serial === undefined ? {} : { serial: short(serial) }),
    uuids: uuids.map(short),
    ...(product === undefined ? {} : { product: short(product) }),
  };
}

/** Units: characters of a serial number or product name. */
const IDENTITY_CHARS_MAX = 64;

function isWithoutDevice(action: AgentAction): boolean {
  return action === "metadata" || action === "manpage" || action === "validate-all";
}

function traitsOf(name: string, { actions, parameters, onTarget }: BuiltinAgent): AgentTraits {
  const standard = parameters.find((parameter) => parameter.name === "action")?.default ?? "reboot";
  return {
    agent: name,
    installed: true,
    actions,
    defaultAction: standard,
    ...(onTarget === true ? { cuts: "storage" } : {}),
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
