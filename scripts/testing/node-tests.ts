/** Runs files of node's test runner: the readable report on the terminal, the totals to us. */
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Counts, NO_COUNTS, ONE_FAILED, sum } from "./counts.ts";
import { runCommand } from "./process.ts";
import { readTotals } from "./reporter.ts";

export interface NodeTests {
  /** Relative to the checkout. No match: no tests, which the caller judges. */
  readonly globs: readonly string[];
  /** Test files that run side by side. 1 where they share daemons, ports or namespaces. */
  readonly filesAtOnce: number;
  /** Of one test. Units: ms. */
  readonly testLimitMs: number;
  /** Of all of them. Units: ms. */
  readonly limitMs: number;
}

/** `say` takes the report instead of the terminal, line by line. */
export async function runNodeTests(tests: NodeTests, say?: (line: string) => void): Promise<Counts> {
  const complain = say ?? ((line: string): void => console.log(line));
  const files = globSync([...tests.globs]).sort();
  if (files.length === 0) return NO_COUNTS;
  const scratch = mkdtempSync(join(tmpdir(), "bouncer-totals-"));
  try {
    const totals = join(scratch, "totals");
    const args = [
      "--test",
      `--test-concurrency=${tests.filesAtOnce}`,
      `--test-timeout=${tests.testLimitMs}`,
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${new URL("./reporter.ts", import.meta.url).href}`,
      `--test-reporter-destination=${totals}`,
      ...files,
    ];
    const report = say === undefined ? {} : { onLine: say };
    const end = await runCommand(process.execPath, args, { limitMs: tests.limitMs, ...report });
    const counts = readTotals(readFileSync(totals, { encoding: "utf8", flag: "a+" }));
    if (counts === undefined) {
      complain(`FAILED  the test runner ended without a summary: ${end.how}`);
      return ONE_FAILED;
    }
    if (end.ok || counts.failed > 0) return counts;
    complain(`FAILED  no test failed, but the test runner did: ${end.how}`);
    return sum([counts, ONE_FAILED]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
