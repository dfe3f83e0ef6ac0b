/** `npm run sim`: hunts broken promises through seeds; a failure is shown as the shortest story. */
import { drawPlan } from "../sim/fuzz/plan.ts";
import { runPlan } from "../sim/fuzz/run.ts";
import { shrink } from "../sim/fuzz/shrink.ts";
import { storyOf } from "../sim/fuzz/story.ts";
import { RULES } from "../sim/rules.ts";
import { readOptions, type SimOptions, USAGE, UsageError } from "./options.ts";
import { playSeeds, type Tally } from "./pool.ts";
import type { SeedFailure } from "./work.ts";

/** Stories that are shrunk and printed; every further failure is one line. */
const STORIES_MAX = 3;
const PROGRESS_MS = 2_000;
const HOUR_MS = 3_600_000;

const isLiveness = ({ failure }: SeedFailure): boolean => /^I[78]$/.test(failure.promise);

function speedOf(tally: Tally, startedAt: number): string {
  const seconds = (performance.now() - startedAt) / 1_000;
  const hours = tally.simulatedMs / HOUR_MS;
  return `${tally.seeds} seeds, ${(tally.seeds / seconds).toFixed(0)} per second, ${hours.toFixed(0)} cluster-hours, ${tally.failures.length} failures`;
}

function show(found: SeedFailure, profile: string): void {
  const { seed, failure } = found;
  console.log(`\nseed ${seed}: ${failure.detail}\nthe shortest story that breaks ${failure.promise}:\n`);
  const claim = `What should hold and does not yet: ${failure.promise}. Found by seed ${seed}, profile ${profile}.`;
  console.log(storyOf(shrink(drawPlan(seed, profile), failure), claim));
}

function playOne(seed: number, options: SimOptions): number {
  const say = (at: number, source: string, text: string): void =>
    console.log(`${String(Math.round(at)).padStart(9)} ${source.padEnd(6)} ${text}`);
  const { failure, simulatedMs } = runPlan(drawPlan(seed, options.profile), options.verbose ? { say } : {});
  if (failure === undefined) {
    console.log(`seed ${seed}: every promise held for ${Math.round(simulatedMs / 1_000)} simulated seconds`);
    return 0;
  }
  show({ seed, failure }, options.profile);
  return 1;
}

async function hunt(options: SimOptions): Promise<number> {
  const startedAt = performance.now();
  let shown = startedAt;
  if (!options.json)
    console.log(`profile ${options.profile}, ${options.seeds} seeds from ${options.first} on`);
  const tally = await playSeeds(options, (now) => {
    if (options.json || performance.now() - shown < PROGRESS_MS) return;
    shown = performance.now();
    console.log(speedOf(now, startedAt));
  });
  const unreached = RULES.filter((rule) => !tally.reached.has(rule));
  console.log(speedOf(tally, startedAt));
  for (const found of tally.failures.slice(0, STORIES_MAX)) show(found, options.profile);
  for (const { seed, failure } of tally.failures.slice(STORIES_MAX)) {
    console.log(`seed ${seed}: ${failure.detail.split("\n")[0]}`);
  }
  if (!options.json) {
    console.log(`rules that no seed reached: ${unreached.length === 0 ? "none" : unreached.join(", ")}`);
    return tally.failures.length === 0 ? 0 : 1;
  }
  const liveness = tally.failures.filter(isLiveness).length;
  const report = {
    seeds: tally.seeds,
    violations: tally.failures.length - liveness,
    liveness_failures: liveness,
    rules_unreached: unreached,
  };
  console.log(JSON.stringify(report));
  return tally.failures.length === 0 ? 0 : 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  process.exitCode = options.seed === undefined ? await hunt(options) : playOne(options.seed, options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
