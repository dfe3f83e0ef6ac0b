/** The command line of `npm run sim`. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { PROFILES } from "../sim/fuzz/faults.ts";
import { parseDuration } from "../sim/scenario-config.ts";

export interface SimOptions {
  readonly seeds: number;
  readonly first: number;
  readonly profile: string;
  readonly budgetMs: number;
  readonly json: boolean;
  readonly seed?: number;
  readonly verbose: boolean;
}

export const USAGE = `usage: npm run sim -- [--seeds N] [--first S|fresh] [--profile ${Object.keys(PROFILES).join("|")}]
                     [--budget 60s] [--json]
       npm run sim -- --seed S [--profile P] [--verbose]`;

/** Fresh seeds: far from those that were tried before, short enough to be typed. */
const [FRESH_MIN, FRESH_MAX] = [1_000_000_000, 9_000_000_000];

export class UsageError extends Error {
  override readonly name = "UsageError";
}

function whole(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new UsageError(`--${option} takes a whole number, not "${text}"`);
  }
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string", default: "1000" },
        first: { type: "string", default: "1" },
        seed: { type: "string" },
        profile: { type: "string", default: "everything" },
        budget: { type: "string" },
        json: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Errors: throws a `UsageError`, whose text is for the person who typed it. */
export function readOptions(args: readonly string[]): SimOptions {
  const values = parse(args);
  if (PROFILES[values.profile] === undefined) {
    throw new UsageError(
      `there is no profile ${values.profile}; there are ${Object.keys(PROFILES).join(", ")}`,
    );
  }
  let budgetMs = Number.POSITIVE_INFINITY;
  try {
    if (values.budget !== undefined) budgetMs = parseDuration(values.budget);
  } catch (error) {
    throw new UsageError(`--budget: ${(error as Error).message}`);
  }
  return {
    seeds: whole(values.seeds, "seeds"),
    first: values.first === "fresh" ? randomInt(FRESH_MIN, FRESH_MAX) : whole(values.first, "first"),
    profile: values.profile,
    budgetMs,
    json: values.json,
    verbose: values.verbose,
    ...(values.seed === undefined ? {} : { seed: whole(values.seed, "seed") }),
  };
}
