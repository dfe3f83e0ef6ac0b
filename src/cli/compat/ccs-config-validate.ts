/** `ccs_config_validate`: exit codes and shape of the old one. Deviations: docs/compat.md. */
import { type NodeFacts, questionsOf } from "../../config/facts.ts";
import { CONFIG_BYTES_MAX } from "../../config/limits.ts";
import { configOf, type ParsedConfig } from "../../config/model.ts";
import { type ConfigProblem, fixOf } from "../../config/problem.ts";
import { readTree } from "../../config/tree.ts";
import { textOf } from "../../config/values.ts";
import type { Element } from "../../config/xml.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { clean } from "../format/text.ts";
import { CONFIG_DEFAULT } from "../paths.ts";
import { openSession } from "../session.ts";
import { getopt, has, lastValue, type Parsed } from "./getopt.ts";

const HELP = `ccs_config_validate [options]

  -f FILE     validate that file, as it is
  -l FILE     the same, as the one to be loaded
  -r          validate what is in force
  -R VERSION  its version must be larger than that
  -q          say nothing when it is valid
  -v          say what is done
  -V, -h      version, this help

The same and more: bouncer config validate
`;

/** Source: the old script and xmllint. */
const CODE = { malformed: 1, invalid: 3, noVersion: 253, oldVersion: 254, other: 255 } as const;

export async function runCcsConfigValidate(argv: readonly string[], ctx: CliContext): Promise<number> {
  const parsed = getopt("ccs_config_validate", argv, "hVvqf:l:urC:t:noR:");
  if (!parsed.ok) {
    ctx.err(`${parsed.complaint}\n`);
    return CODE.other;
  }
  if (has(parsed, "h")) return say(ctx, HELP);
  if (has(parsed, "V")) return say(ctx, `ccs_config_validate ${ctx.version} (bouncer)\n`);
  const clash = clashOf(parsed);
  if (clash !== undefined) {
    ctx.err(`Error: invalid options. ${clash}\n`);
    return CODE.other;
  }
  const bytes = await source(ctx, parsed);
  if (typeof bytes === "string") {
    ctx.err(`${bytes}\nUnable to get the configuration\n`);
    return CODE.other;
  }
  const tree = readTree(bytes);
  const checked = configOf(tree, { facts: await factsOf(ctx, tree.root) });
  const isVerbose = has(parsed, "v");
  if (isVerbose) ctx.out("Validating..\n");
  const code = verdict(ctx, parsed, tree.root, checked);
  if (isVerbose && code === EXIT.ok) ctx.out("Validation completed\n");
  return code;
}

function say(ctx: CliContext, text: string): number {
  ctx.out(text);
  return EXIT.ok;
}

function clashOf(parsed: Parsed): string | undefined {
  const sources = ["f", "l", "r", "C"].filter((letter) => has(parsed, letter));
  if (sources.length > 1) {
    const others = ["r", "C", "l", "f"].filter((letter) => letter !== sources[0]).map((one) => `-${one}`);
    return `-${sources[0]} can not be set together with ${others.join(" or ")}`;
  }
  return has(parsed, "v") && has(parsed, "q") ? "-v can not be set together with -q" : undefined;
}

/** The bytes, or why there are none. */
async function source(ctx: CliContext, parsed: Parsed): Promise<Uint8Array | string> {
  if (has(parsed, "r")) {
    try {
      const { client, call } = openSession(ctx, undefined);
      return new TextEncoder().encode((await client.configText({}, call)).text);
    } catch (error) {
      return clean((error as Error).message);
    }
  }
  const given = lastValue(parsed, "f") ?? lastValue(parsed, "l");
  const path = given ?? ctx.env.BOUNCER_CONFIG ?? CONFIG_DEFAULT;
  const bytes = ctx.files.bytes(path, CONFIG_BYTES_MAX + 1);
  return typeof bytes === "string" ? `${clean(path)}: ${bytes}` : bytes;
}

/** The old schema knew the options of all agents, and asked no agent to be there. */
async function factsOf(ctx: CliContext, root: Element | undefined): Promise<NodeFacts> {
  const { agents } = await ctx.lookAt({ agents: questionsOf(root).agents, files: [] });
  return { agents: new Map([...(agents ?? [])].filter(([, one]) => one.type === "described")) };
}

function verdict(ctx: CliContext, parsed: Parsed, root: Element | undefined, checked: ParsedConfig): number {
  const newerThan = lastValue(parsed, "R");
  if (newerThan !== undefined) {
    const version = Number(root === undefined ? Number.NaN : (textOf(root, "config_version") ?? Number.NaN));
    if (!Number.isInteger(version)) {
      ctx.err("Error: Unable to determine new config version!\n");
      return CODE.noVersion;
    }
    if (version <= Number(newerThan)) {
      ctx.err("Error: Configuration version is older than running config!\n");
      return CODE.oldVersion;
    }
  }
  const errors = checked.problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) {
    if (!has(parsed, "q")) ctx.out("Configuration validates\n");
    return EXIT.ok;
  }
  ctx.out(errors.map((one) => `${line(one, root)}\n`).join(""));
  if (root === undefined) {
    if (has(parsed, "f")) return CODE.malformed;
    ctx.err("Unable to get the configuration\n");
    return CODE.other;
  }
  ctx.out("Configuration fails to validate\n");
  return CODE.invalid;
}

/** `tempfile:20: element device: validity error : …`, as xmllint wrote and scripts look for. */
function line(problem: ConfigProblem, root: Element | undefined): string {
  const text = `${problem.what}; expected ${fixOf(problem)}`;
  const place = problem.line === 0 ? "tempfile" : `tempfile:${problem.line}`;
  if (root === undefined) return `${place}: parser error : ${text}`;
  return `${place}: element ${elementAt(root, problem)}: validity error : ${text}`;
}

/** Name of the last element that begins at or before this place. */
function elementAt(root: Element, { line: at, column = Number.MAX_SAFE_INTEGER }: ConfigProblem): string {
  let { name } = root;
  const visit = (element: Element): void => {
    const { line: begins, column: where } = element.place;
    if (begins < at || (begins === at && where <= column)) name = element.name;
    element.children.forEach(visit);
  };
  visit(root);
  return clean(name);
}
