/** How many checks ran and how they ended; the arithmetic behind the last line of `npm test`. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: 0 };
export const ONE_FAILED: Counts = { passed: 0, failed: 1, skipped: 0 };
export const ONE_PASSED: Counts = { passed: 1, failed: 0, skipped: 0 };

/** What one level came to. `leftOut` says why it did not run at all. */
export interface LevelResult {
  readonly name: string;
  readonly counts: Counts;
  readonly tookMs: number;
  readonly leftOut?: string;
}

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    NO_COUNTS,
  );
}

/**
 * What one level adds to the total. In CI nothing may be left out, skipped or empty; elsewhere a
 * level that was left out counts as one skipped check, so that it stays visible in the last line.
 */
export function judged(result: LevelResult, mode: { readonly ci: boolean }): Counts {
  const { counts } = result;
  const nothing = counts.passed + counts.failed + counts.skipped === 0;
  if (result.leftOut !== undefined || nothing) {
    return mode.ci ? { ...counts, failed: counts.failed + 1 } : { ...counts, skipped: counts.skipped + 1 };
  }
  if (mode.ci && counts.skipped > 0) {
    return { passed: counts.passed, failed: counts.failed + counts.skipped, skipped: 0 };
  }
  return counts;
}

/** The very last line. Programs read it. */
export function formatTotal(total: Counts): string {
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  return `${total.passed} passed, ${total.failed} failed${skipped}`;
}

export function formatTable(results: readonly LevelResult[], mode: { readonly ci: boolean }): string {
  const rows = results.map((result) => {
    const { passed, failed, skipped } = judged(result, mode);
    const note = result.leftOut === undefined ? "" : `left out: ${result.leftOut}`;
    const figures = [passed, failed, skipped].map((n) => String(n).padStart(8)).join("");
    const took = `${(result.tookMs / 1_000).toFixed(1)} s`.padStart(10);
    return `${result.name.padEnd(12)}${figures}${took}  ${note}`.trimEnd();
  });
  const head = `${"level".padEnd(12)}${["passed", "failed", "skipped"].map((w) => w.padStart(8)).join("")}${"took".padStart(10)}`;
  return [head, ...rows].join("\n");
}
