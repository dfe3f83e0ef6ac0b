/** `bouncer simulate` at work. Loads the simulator, and threads of it for many seeds. */
import { nearest } from "../../config/nearest.ts";
import { PROFILES } from "../../sim/fuzz/faults.ts";
import { playScenario } from "../../sim/scenario.ts";
import { parseDuration } from "../../sim/scenario-config.ts";
import { type HuntOutput, hunt, huntForReport, playOne } from "../../sim-cli/hunt.ts";
import type { SimOptions } from "../../sim-cli/options.ts";
import { type CliContext, FILE_BYTES_MAX } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../fail.ts";
import { clean } from "../format/text.ts";
import { type JsonOption, printJson, progress } from "../session.ts";

export interface SimulateOptions extends JsonOption {
  readonly seeds?: number;
  readonly first?: number;
  readonly budget?: string;
  readonly profile?: string;
  readonly seed?: number;
  readonly verbose?: true;
  readonly check?: true;
}

const SEEDS_DEFAULT = 1_000;

/** Answers the exit code. */
export async function simulate(
  ctx: CliContext,
  files: readonly string[],
  options: SimulateOptions,
): Promise<number> {
  if (files.length > 0) {
    checkAlone(options);
    return playFiles(ctx, files, options);
  }
  const order = orderOf(options);
  const output: HuntOutput = {
    out: (line) => ctx.out(`${line}\n`),
    progress: (line) => progress(ctx, line),
    signal: ctx.signal,
  };
  if (order.seed !== undefined) return playOne(order.seed, order, output);
  if (options.json !== true) return hunt(order, output);
  const report = await huntForReport(order, output);
  printJson(ctx, report);
  return report.violations + report.liveness_failures > 0 ? EXIT.failed : EXIT.ok;
}

function checkAlone({ seeds, first, budget, profile, seed, verbose }: SimulateOptions): void {
  if ([seeds, first, budget, profile, seed, verbose].every((option) => option === undefined)) return;
  throw new UsageError("a story is its own world: it takes no seeds and no profile", "Name files, or seeds");
}

function orderOf(options: SimulateOptions): SimOptions {
  const { seeds = SEEDS_DEFAULT, first = 1, profile = "everything", seed, budget } = options;
  if (PROFILES[profile] === undefined) {
    const names = Object.keys(PROFILES);
    const near = nearest(profile, names);
    const meant = near === undefined ? "" : `; did you mean ${near}?`;
    throw new UsageError(`no profile "${profile}"${meant}`, `The profiles are ${names.join(", ")}`);
  }
  if (options.check) throw new UsageError("--check is for stories", "Name the files to be checked");
  return {
    seeds,
    first,
    profile,
    budgetMs: budget === undefined ? Number.POSITIVE_INFINITY : budgetOf(budget),
    json: false,
    verbose: options.verbose === true,
    ...(seed === undefined ? {} : { seed }),
  };
}

function budgetOf(text: string): number {
  try {
    const ms = parseDuration(text);
    if (ms > 0) return ms;
  } catch {
    // Said below, together with what is no duration to wait for.
  }
  throw new UsageError(`--budget is "${text}"`, "A time, for example 60s or 5m");
}

interface Played {
  readonly file: string;
  /** The file with today's outputs. */
  readonly story: string;
  /** `broken`: a promise, or a command that is none. */
  readonly result: "as-written" | "differs" | "broken";
}

function playFiles(ctx: CliContext, files: readonly string[], options: SimulateOptions): number {
  const all = files.map((file): Played => {
    const text = readStory(ctx, file);
    const story = playScenario(text);
    const isBroken = /^error: /m.test(story);
    const isBare = !/^----$/m.test(text); // Commands without outputs: there is nothing to compare.
    const same = isBare || story === text;
    return { file, story, result: isBroken ? "broken" : same ? "as-written" : "differs" };
  });
  if (options.json) printJson(ctx, { stories: all });
  else if (options.check)
    ctx.out(all.map(({ file, result }) => `${clean(file)}: ${WORDS[result]}\n`).join(""));
  else ctx.out(all.map(({ story }) => story).join("\n"));
  return all.every(({ result }) => result === "as-written") ? EXIT.ok : EXIT.failed;
}

const WORDS: Record<Played["result"], string> = {
  "as-written": "goes as written",
  differs: "goes otherwise than written",
  broken: "a promise is broken, or a command is none: look at its errors",
};

function readStory(ctx: CliContext, file: string): string {
  const bytes = ctx.files.bytes(file === "-" ? "/dev/stdin" : file, FILE_BYTES_MAX);
  if (typeof bytes !== "string") return new TextDecoder().decode(bytes);
  throw new UsageError(`${file} cannot be read: ${bytes}`, "Check the path and its permissions");
}
