/**
 * A reporter for node's test runner that says nothing but the totals, as one JSON line, for
 * {@link readTotals}. The readable report goes to the terminal by another reporter.
 */
import type { Counts } from "./counts.ts";

/** The part of the runner's `test:summary` that counts. Without `file`: the whole run. */
interface Summary {
  readonly file?: string | undefined;
  readonly counts: {
    readonly passed: number;
    readonly cancelled: number;
    readonly skipped: number;
    readonly todo: number;
    readonly tests: number;
  };
}

interface ReporterEvent {
  readonly type: string;
  readonly data: unknown;
}

// biome-ignore lint/style/noDefaultExport: node's --test-reporter takes the default export.
export default async function* totals(source: AsyncIterable<ReporterEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== "test:summary") continue;
    const summary = event.data as Summary;
    if (summary.file === undefined) yield `${JSON.stringify(countsOf(summary))}\n`;
  }
}

/** Whatever did not pass and was not skipped has failed: cancelled tests too. */
export function countsOf({ counts }: Summary): Counts {
  const skipped = counts.skipped + counts.todo;
  return { passed: counts.passed, skipped, failed: counts.tests - counts.passed - skipped };
}

/** Undefined when the runner ended without a summary, which is a failure of the level. */
export function readTotals(text: string): Counts | undefined {
  const line = text.trim().split("\n").at(-1);
  return line === undefined || line === "" ? undefined : (JSON.parse(line) as Counts);
}
