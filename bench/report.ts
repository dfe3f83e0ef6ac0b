/** What a benchmark says: figures, and ratios of figures of the same run. Never a verdict. */

export interface Report {
  /** Middle, spread and number of `samples`, all in `unit`. */
  samples(name: string, samples: readonly number[], unit: string): void;
  figure(name: string, value: number, unit: string): void;
  /** `value / base`, as "N times". Machines differ; the ratio of two figures of one run says more. */
  ratio(name: string, value: number, base: number): void;
  /** One line about what was measured, or why something could not be. */
  note(text: string): void;
}

/** What each `bench/*.bench.ts` exports as `run`. `parts`: only these were asked for; empty: all of it. */
export type Bench = (report: Report, parts: readonly string[]) => Promise<void> | void;

export interface Row {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

export function createReport(): { readonly report: Report; readonly rows: readonly Row[] } {
  const rows: Row[] = [];
  const add = (name: string, value: string, detail = ""): void => {
    rows.push({ name, value, detail });
  };
  return {
    rows,
    report: {
      samples(name, samples, unit) {
        if (samples.length === 0) return add(name, "no samples");
        const [p10, p50, p90] = [0.1, 0.5, 0.9].map((p) => digits(percentile(samples, p)));
        add(name, `${p50} ${unit}`, `p10 ${p10}, p90 ${p90}, n ${samples.length}`);
      },
      figure: (name, value, unit) => add(name, `${digits(value)} ${unit}`),
      ratio: (name, value, base) => add(name, base === 0 ? "no base" : `${digits(value / base)} times`),
      note: (text) => add("", "", text),
    },
  };
}

/** Nearest rank. Shape: `samples` not empty, `p` from 0 to 1. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] as number;
}

/** Three significant digits, whole numbers from 100 on. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

export function formatRows(title: string, rows: readonly Row[]): string {
  const named = rows.filter((row) => row.name !== "");
  const nameWidth = Math.max(0, ...named.map((row) => row.name.length));
  const valueWidth = Math.max(0, ...named.map((row) => row.value.length));
  const lines = rows.map((row) =>
    row.name === ""
      ? `  # ${row.detail}`
      : `  ${row.name.padEnd(nameWidth)}  ${row.value.padStart(valueWidth)}  ${row.detail}`.trimEnd(),
  );
  return [title, ...lines].join("\n");
}
