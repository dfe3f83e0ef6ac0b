/** What a change of the configuration does to the failures that may come: both are played, and compared. */
import type { UsableConfig } from "../../config/diff/diff-configs.ts";
import { compareRows } from "../../sim/trial/compare.ts";
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

/** Every single fault whose outcome is another one afterwards; undefined: too many nodes to play. */
export function consequencesOf(
  before: UsableConfig,
  after: UsableConfig,
): readonly Consequence[] | undefined {
  if (Math.max(before.config.nodes.length, after.config.nodes.length) > NODES_PLAYED_MAX) return undefined;
  return compareRows(rowsOf(before), rowsOf(after)).map(({ text, turn, now, was }) => ({
    fault: text,
    turn,
    text: `${words(now)}${was === undefined ? "" : `; until now: ${words(was)}`}`,
  }));
}

function rowsOf(parsed: UsableConfig): readonly CoverageRow[] {
  const { config, aliases, timing } = playedOf(parsed.config, parsed.parameters, tokenOf(parsed));
  return coverageOf(config, { aliases, timing, doubles: "no" }).singles;
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
