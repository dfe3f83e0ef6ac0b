/** Option values from text, or one sentence about what is wrong with them. */
import { InvalidArgumentError } from "commander";

/** Units: s. A day: whoever waits longer than that should leave the limit out. */
const SECONDS_MAX = 86_400;

/** Units: ms. Of Corosync's token: whatever is longer than an hour is a slip. */
export const TOKEN_MS_MAX = 3_600_000;

export function parseToken(text: string): number {
  return parseWhole(text, 1, TOKEN_MS_MAX);
}

export function parseSeconds(text: string): number {
  return parseWhole(text, 0, SECONDS_MAX);
}

export function parseWhole(text: string, min: number, max: number): number {
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
}
