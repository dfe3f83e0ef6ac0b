/** A built-in agent as a command that prints and exits as the original of its name does. */
import type { Millis } from "../../core/ids.ts";
import type { AgentHost } from "../../ports/agent-host.ts";
import type { AgentAnswer, BuiltinAgent } from "./agent.ts";
import { check } from "./check.ts";
import { formatMetadata, usageOf } from "./metadata.ts";
import { nowMs } from "./pace.ts";
import { readArgv } from "./read-argv.ts";
import { readStdin } from "./read-stdin.ts";
import { TEXT } from "./texts.ts";
import type { Values } from "./values.ts";

/** What a command touches. Texts go out as they are. */
export interface CommandWorld {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** All of standard input; asked only when there are no arguments. */
  readonly stdin: () => Promise<string>;
  /** Runs a passwd_script by a shell; undefined: it failed. Bounded. */
  readonly shell: (script: string) => Promise<string | undefined>;
  /** Appends to a file; false: it cannot. */
  readonly append: (path: string, text: string) => boolean;
  readonly wall: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** For agents of the machine's own disks. Absent: those are refused. */
  readonly host?: AgentHost;
  readonly version: string;
}

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_OFF = 2;
/** Units: ms. Nothing takes longer, also without any timeout of its own. */
const RUN_MS_MAX: Millis = 600_000;

/** Never throws, and resolves to 0, 1 or (status: off) 2. */
export async function runCommand(
  agent: BuiltinAgent,
  argv: readonly string[],
  world: CommandWorld,
): Promise<number> {
  const given =
    argv.length > 0 ? readArgv(argv, agent.parameters) : readStdin(await world.stdin(), agent.parameters);
  for (const warning of given.warnings) world.err(`WARNING:root:${warning}\n\n`);
  if (given.failure !== undefined)
    return usage((text) => world.err(`ERROR:root:${text}\n\n`), [given.failure]);
  if (argv.length > 0 && plugWithoutMeaning(agent, given.texts)) {
    const problems = ["Parser error: option -n/--plug is not recognized"];
    return usage((text) => world.err(`ERROR:root:${text}\n\n`), problems);
  }
  if (given.texts.has("help")) {
    world.out(helpText(agent));
    return EXIT_OK;
  }
  const checked = check(agent, given);
  if (checked.ok && (checked.action === "metadata" || checked.action === "manpage")) {
    world.out(formatMetadata(agent));
    return EXIT_OK;
  }
  if (given.texts.has("version")) {
    world.out(`${world.version}\n`);
    return EXIT_OK;
  }
  const quiet = given.texts.has("quiet") && given.texts.get("quiet") !== "0";
  const log = createLog(world, quiet, given.texts.get("debug_file"));
  if (!checked.ok) return usage((text) => log.say("ERROR", text), checked.problems);
  if (checked.action === "validate-all") return EXIT_OK;
  if (!log.open()) return usage((text) => log.say("ERROR", text), [log.problem]);

  const values = await complete(checked.values, world);
  if (values === undefined) {
    const detail = "the password script failed, or printed nothing";
    log.say("ERROR", detail);
    log.say("ERROR", agent.failureText({ kind: "credentials", detail }, "status"));
    return EXIT_FAILED;
  }
  const answer = await agent.run(checked.action, values, {
    signal: world.signal,
    deadline: nowMs() + RUN_MS_MAX,
    identity: "skip",
    ...(world.host === undefined ? {} : { host: world.host }),
  });
  return report(agent, answer, checked.action, world, log.say);
}

function report(
  agent: BuiltinAgent,
  answer: AgentAnswer,
  action: string,
  world: CommandWorld,
  say: (level: string, text: string) => void,
): number {
  for (const warning of answer.warnings) say("WARNING", warning);
  if (!answer.ok) {
    say("ERROR", answer.problem.detail);
    say("ERROR", agent.failureText(answer.problem, answer.phase));
    return EXIT_FAILED;
  }
  if (answer.said.length > 0) world.out(`${answer.said.join("\n")}\n`);
  return action === "status" && answer.power === "off" ? EXIT_OFF : EXIT_OK;
}

/** With the password that the script prints, and without timeouts where Pacemaker wants none. */
async function complete(values: Values, world: CommandWorld): Promise<Values | undefined> {
  let next = values;
  if (world.env["PCMK_service"] === "pacemaker-fenced" && values.text("disable_timeout") === undefined) {
    next = next.with({ disable_timeout: "1" });
  }
  for (const [script, target] of SCRIPTS) {
    const command = values.text(script);
    if (command === undefined) continue;
    const printed = await world.shell(command);
    if (printed === undefined || printed.trimEnd() === "") return undefined;
    next = next.with({ [target]: printed.trimEnd() });
  }
  return next;
}

const SCRIPTS = [
  ["password_script", "password"],
  ["snmp_priv_passwd_script", "snmp_priv_passwd"],
] as const;

/** On a command line, and only there, plug needs port_as_ip beside it. */
function plugWithoutMeaning(agent: BuiltinAgent, texts: ReadonlyMap<string, string>): boolean {
  return agent.inputRules.plug === "address" && texts.has("plug") && !texts.has("port_as_ip");
}

function usage(say: (text: string) => void, problems: readonly string[]): number {
  for (const text of problems) say(text);
  say(TEXT.usage);
  return EXIT_FAILED;
}

function createLog(world: CommandWorld, quiet: boolean, debugFile: string | undefined) {
  let file: string | undefined;
  return {
    problem: `Failed: Unable to create file ${debugFile}`,
    open(): boolean {
      if (debugFile === undefined) return true;
      if (!world.append(debugFile, "")) return false;
      file = debugFile;
      return true;
    },
    say(level: string, text: string): void {
      const line = `${stamp(world.wall())} ${level}: ${text}\n\n`;
      if (!quiet) world.err(line);
      if (file !== undefined) world.append(file, line);
    },
  };
}

/** `2026-11-23 16:12:19,042` */
function stamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  return `${day} ${time},${String(now.getMilliseconds()).padStart(3, "0")}`;
}

function helpText(agent: BuiltinAgent): string {
  const shown = agent.parameters.filter(({ hidden }) => hidden !== true);
  const sorted = shown.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  const lines = sorted.map((parameter) => {
    const standard = parameter.default === undefined ? "" : ` (default ${parameter.default})`;
    return `   ${usageOf(parameter).padEnd(30)} ${parameter.description}${standard}`;
  });
  return ["Usage:", `\t${agent.name} [options]`, "Options:", ...lines, ""].join("\n");
}
