/** `bouncer coverage` at work. Loads the simulator. */
import { setImmediate as turn } from "node:timers/promises";
import { type Coverage, coverStepwise } from "../../sim/trial/coverage.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { formatCoverage } from "../format/coverage.ts";
import { type JsonOption, printJson, progress } from "../session.ts";
import { readPlayed } from "./config.ts";

export interface CoverageCommandOptions extends JsonOption {
  readonly config?: string;
  readonly single?: true;
  readonly strict?: true;
  readonly token?: number;
}

/** Trials that pass between two looks at the keyboard. */
const TRIALS_PER_TURN = 10;
/** Trials between two lines of progress. */
const TRIALS_PER_LINE = 500;

/** Answers the exit code. */
export async function coverage(ctx: CliContext, options: CoverageCommandOptions): Promise<number> {
  const { config, aliases, timing } = await readPlayed(ctx, options);
  const steps = coverStepwise(config, { aliases, timing, ...(options.single ? { doubles: "no" } : {}) });
  let result: Coverage | undefined;
  while (result === undefined) {
    const step = steps.next();
    if (step.done === true) result = step.value;
    else {
      const { done, all } = step.value;
      if (done % TRIALS_PER_LINE === 0) progress(ctx, `${done} of ${all} faults played …`);
      if (done % TRIALS_PER_TURN === 0) await turn();
      if (ctx.signal.aborted) return EXIT.interrupted;
    }
  }
  if (options.json) printJson(ctx, { cluster: config.name, version: config.version, ...result });
  else ctx.out(formatCoverage(config, result, ctx));
  const isFrozen = result.singles.some(({ outcome }) => outcome.verdict === "freezes");
  return options.strict && isFrozen ? EXIT.failed : EXIT.ok;
}
