/**
 * Which failures end by themselves, and which freeze the cluster until a person acts: every single
 * and every double fault of one configuration, tried out. Pure: the command line, the comparison of
 * two configurations and the console all use this.
 */
import type { ClusterConfig } from "../../core/config.ts";
import type { Millis } from "../../core/ids.ts";
import { type DeviceAliases, doubleFaults, type Fault, formatFault, singleFaults } from "./faults.ts";
import { type Timing, timingOf } from "./timing.ts";
import { type Outcome, tryFaults } from "./trial.ts";

export interface CoverageRow {
  readonly faults: readonly Fault[];
  /** In plain words, e.g. `tpve02 falls silent`. */
  readonly text: string;
  readonly outcome: Outcome;
}

export interface CoverageCount {
  readonly all: number;
  readonly goOn: number;
  readonly end: number;
  readonly freeze: number;
  /** Longest freeze that ends by itself. Units: ms. */
  readonly heldMsMax: Millis;
}

export interface Coverage {
  readonly timing: Timing;
  readonly singles: readonly CoverageRow[];
  /** Empty when they were not asked for. */
  readonly doubles: readonly CoverageRow[];
}

export interface CoverageOptions {
  readonly aliases?: DeviceAliases;
  readonly timing?: Timing;
  /** Absent: yes. */
  readonly doubles?: "yes" | "no";
}

export interface Progress {
  readonly done: number;
  readonly all: number;
}

/** The same as {@link coverageOf}, one trial after another, for whoever has other things to do between. */
export function* coverStepwise(
  config: ClusterConfig,
  options: CoverageOptions = {},
): Generator<Progress, Coverage> {
  const timing = options.timing ?? timingOf(config);
  const single = singleFaults(config, options.aliases);
  const double = options.doubles === "no" ? [] : doubleFaults(single);
  const cases: readonly (readonly Fault[])[] = [...single.map((fault) => [fault]), ...double];
  const rows: CoverageRow[] = [];
  for (const faults of cases) {
    const text = faults.map((fault) => formatFault(config, fault)).join(" + ");
    rows.push({ faults, text, outcome: tryFaults(config, faults, { timing }) });
    yield { done: rows.length, all: cases.length };
  }
  return { timing, singles: rows.slice(0, single.length), doubles: rows.slice(single.length) };
}

export function coverageOf(config: ClusterConfig, options: CoverageOptions = {}): Coverage {
  const steps = coverStepwise(config, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

export function countRows(rows: readonly CoverageRow[]): CoverageCount {
  const number = (verdict: Outcome["verdict"]): number =>
    rows.filter(({ outcome }) => outcome.verdict === verdict).length;
  return {
    all: rows.length,
    goOn: number("goes-on"),
    end: number("ends"),
    freeze: number("freezes"),
    heldMsMax: Math.max(0, ...rows.map(({ outcome }) => outcome.heldMs)),
  };
}

/** Double faults that freeze the cluster although neither of the two does so alone. */
export function newFreezes({ singles, doubles }: Coverage): readonly CoverageRow[] {
  const bad = singles.filter(({ outcome }) => outcome.verdict === "freezes").flatMap((row) => row.faults);
  return doubles.filter(
    ({ faults, outcome }) => outcome.verdict === "freezes" && !faults.some((fault) => bad.includes(fault)),
  );
}
