/** Hunts broken promises through seeds; a failure is shown as the shortest story that breaks it. */
import { drawPlan } from "../sim/fuzz/plan.ts";
import { runPlan } from "../sim/fuzz/run.ts";
import { shrink } from "../sim/fuzz/shrink.ts";
import { storyOf } from "../sim/fuzz/story.ts";
import { EXPLAINED, RULES } from "../sim/rules.ts";
import type { SimOptions } from "./options.ts";
import { playSeeds, type Tally } from "./pool.ts";
import type { SeedFailure } from "./work.ts";

/** Stories that are shrunk and printed; every further failure is one line. */
const STORIES_MAX = 3;
const PROGRESS_MS = 2_000;
const HOUR_MS = 3_600_000;

/** Where lines go. */
export interface HuntOutput {
  readonly out: (line: string) => void;
  /** Said now and then, while it runs. */
  readonly progress: (line: string) => void;
  /** Ends it early, with what was found by then. */
  readonly signal?: AbortSignal;
}

/** What a hunt came to, as `--json` prints it. */
export interface HuntReport {
  readonly seeds: number;
  readonly violations: number;
  readonly liveness_failures: number;
  readonly rules_unreached: readonly string[];
}

const isLiveness = ({ failure }: SeedFailure): boolean => /^I[78]$/.test(failure.promise);

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000;
}

function speedOf(tally: Tally, startedAt: number): string {
  const perSecond = (tally.seeds / secondsSince(startedAt)).toFixed(0);
  const hours = (tally.simulatedMs / HOUR_MS).toFixed(0);
  return `${tally.seeds} seeds, ${perSecond} per second, ${hours} cluster-hours, ${tally.failures.length} failures`;
}

/** The shortest story that breaks the same promise as the seed, as a scenario file. */
function storyOfFailure({ seed, failure }: SeedFailure, profile: string): string {
  const claim = `What should hold and does not yet: ${failure.promise}. Found by seed ${seed}, profile ${profile}.`;
  return storyOf(shrink(drawPlan(seed, profile), failure), claim);
}

function show(found: SeedFailure, profile: string, { out }: HuntOutput): void {
  const { seed, failure } = found;
  out(`\nseed ${seed}: ${failure.detail}\nthe shortest story that breaks ${failure.promise}:\n`);
  out(storyOfFailure(found, profile));
}

/** One seed, with its whole story when that is asked for. Answers the exit code. */
export function playOne(seed: number, options: SimOptions, output: HuntOutput): number {
  const say = (at: number, source: string, text: string): void =>
    output.out(`${String(Math.round(at)).padStart(9)} ${source.padEnd(6)} ${text}`);
  const { failure, simulatedMs } = runPlan(drawPlan(seed, options.profile), options.verbose ? { say } : {});
  if (failure === undefined) {
    output.out(`seed ${seed}: every promise held for ${Math.round(simulatedMs / 1_000)} simulated seconds`);
    return 0;
  }
  show({ seed, failure }, options.profile, output);
  return 1;
}

function reportOf(tally: Tally): HuntReport {
  const liveness = tally.failures.filter(isLiveness).length;
  return {
    seeds: tally.seeds,
    violations: tally.failures.length - liveness,
    liveness_failures: liveness,
    rules_unreached: RULES.filter((rule) => !tally.reached.has(rule)),
  };
}

/** Everything about a hunt, for programs: the report, its speed, and each failure with a seed. */
export async function huntForReport(
  options: SimOptions,
  output: HuntOutput,
): Promise<HuntReport & Record<string, unknown>> {
  const startedAt = performance.now();
  const tally = await play(options, output, startedAt);
  const seconds = secondsSince(startedAt);
  return {
    profile: options.profile,
    first: options.first,
    ...reportOf(tally),
    seconds: Number(seconds.toFixed(1)),
    seeds_per_second: Math.round(tally.seeds / seconds),
    cluster_hours: Math.round(tally.simulatedMs / HOUR_MS),
    failures: tally.failures.map((found, at) => ({
      seed: found.seed,
      promise: found.failure.promise,
      detail: found.failure.detail.split("\n")[0],
      ...(at < STORIES_MAX ? { story: storyOfFailure(found, options.profile) } : {}),
    })),
  };
}

async function play(options: SimOptions, output: HuntOutput, startedAt: number): Promise<Tally> {
  let shown = startedAt;
  let told = 0;
  return playSeeds(options, output.signal, (now) => {
    // A long hunt says at once which world it was: the story comes at the end.
    for (const { seed, failure } of now.failures.slice(told)) {
      output.progress(`seed ${seed}: ${failure.detail.split("\n")[0]}`);
    }
    told = now.failures.length;
    if (performance.now() - shown < PROGRESS_MS) return;
    shown = performance.now();
    output.progress(speedOf(now, startedAt));
  });
}

/** Answers the exit code: 1 when a promise was broken. */
export async function hunt(options: SimOptions, output: HuntOutput): Promise<number> {
  const { out } = output;
  const startedAt = performance.now();
  if (!options.json) out(`profile ${options.profile}, ${options.seeds} seeds from ${options.first} on`);
  const tally = await play(options, output, startedAt);
  out(speedOf(tally, startedAt));
  for (const found of tally.failures.slice(0, STORIES_MAX)) show(found, options.profile, output);
  for (const { seed, failure } of tally.failures.slice(STORIES_MAX)) {
    out(`seed ${seed}: ${failure.detail.split("\n")[0]}`);
  }
  const report = reportOf(tally);
  const reason = (rule: string): string => (EXPLAINED[rule] === undefined ? "" : ` (${EXPLAINED[rule]})`);
  const unreached = report.rules_unreached.map((rule) => rule + reason(rule)).join(", ") || "none";
  out(options.json ? JSON.stringify(report) : `rules that no seed reached: ${unreached}`);
  return tally.failures.length === 0 ? 0 : 1;
}
