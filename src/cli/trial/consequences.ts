/** What a change of the configuration does to the failures that may come: both are played, and compared. */
import type { UsableConfig } from "../../config/diff/diff-configs.ts";
import type { Millis } from "../../core/ids.ts";
import { type CoverageRow, coverageOf } from "../../sim/trial/coverage.ts";
import type { Outcome } from "../../sim/trial/trial.ts";
import { playedOf, tokenOf } from "./config.ts";

export interface Consequence {
  /** In plain words, e.g. `tpve03 falls silent`. */
  readonly fault: string;
  readonly turn: "worse" | "better";
  readonly text: string;
}

/** Larger clusters take minutes to play; `bouncer coverage` does it when asked. */
export const NODES_PLAYED_MAX = 16;

/** Smaller differences are the simulation's own rounding. Units: ms. */
const HELD_MS_MIN: Millis = 1_000;

/** Every single fault whose outcome is another one afterwards; undefined: too many nodes to play. */
export function consequencesOf(
  before: UsableConfig,
  after: UsableConfig,
): readonly Consequence[] | undefined {
  if (Math.max(before.config.nodes.length, after.config.nodes.length) > NODES_PLAYED_MAX) return undefined;
  const old = new Map(rowsOf(before).map((row) => [row.text, row.outcome]));
  return rowsOf(after).flatMap(({ text, outcome }) => {
    const was = old.get(text);
    if (was === undefined) return outcome.verdict === "freezes" ? [told(text, outcome, undefined)] : [];
    const isSame =
      was.verdict === outcome.verdict &&
      (outcome.verdict === "freezes" || Math.abs(was.heldMs - outcome.heldMs) < HELD_MS_MIN);
    return isSame ? [] : [told(text, outcome, was)];
  });
}

function rowsOf(parsed: UsableConfig): readonly CoverageRow[] {
  const { config, aliases, timing } = playedOf(parsed.config, parsed.parameters, tokenOf(parsed));
  return coverageOf(config, { aliases, timing, doubles: "no" }).singles;
}

function told(fault: string, now: Outcome, was: Outcome | undefined): Consequence {
  const turn = was !== undefined && badness(now) < badness(was) ? "better" : "worse";
  const before = was === undefined ? "" : `; until now: ${words(was)}`;
  return { fault, turn, text: `${words(now)}${before}` };
}

function badness({ verdict, heldMs }: Outcome): number {
  if (verdict === "freezes") return Number.POSITIVE_INFINITY;
  return verdict === "ends" ? heldMs : 0;
}

function words({ verdict, heldMs }: Outcome): string {
  switch (verdict) {
    case "freezes":
      return "storage freezes until a person acts";
    case "ends":
      return `storage is held ${Math.round(heldMs / 1_000)} s, then released by itself`;
    case "goes-on":
      return "storage goes on";
  }
}
