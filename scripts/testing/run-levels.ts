/** Runs levels one after another, some beside others, prints headers, the table and the last line. */
import { formatTable, formatTotal, judged, type LevelResult, NO_COUNTS, ONE_FAILED, sum } from "./counts.ts";
import type { Level } from "./levels.ts";
import { ensurePackages, missingPackages, type PackagesEnd } from "./packages.ts";

/** Resolves with the exit code. */
export async function runLevels(levels: readonly Level[]): Promise<number> {
  const mode = { ci: isCi(process.env["CI"]) };
  const packages = await preparePackages(levels);
  const results: LevelResult[] = [];
  const names = new Set(levels.map((level) => level.name));
  const isBeside = ({ beside }: Level): boolean => beside !== undefined && names.has(beside);
  for (const level of levels.filter((one) => !isBeside(one))) {
    const companions = levels.filter((one) => isBeside(one) && one.beside === level.name);
    const beside = companions.map((one) => runQuietly(one, packages));
    results.push(await runLevel(level, packages, print));
    for (const companion of beside) {
      const { said, result } = await companion;
      for (const line of said) print(line);
      results.push(result);
    }
  }

  console.log(`\n${formatTable(results, mode)}`);
  for (const { name, leftOut } of results) {
    if (leftOut !== undefined) console.log(`\n!!! LEFT OUT: ${name}: ${leftOut}`);
  }
  if (mode.ci) console.log("\nCI: whatever is left out, skipped or empty counts as failed.");
  const total = sum(results.map((result) => judged(result, mode)));
  console.log(`\n${formatTotal(total)}`);
  return total.failed === 0 ? 0 : 1;
}

function print(line: string): void {
  console.log(line);
}

/** Keeps what the level says until the one beside it is over. */
async function runQuietly(
  level: Level,
  packages: PackagesEnd,
): Promise<{ readonly said: readonly string[]; readonly result: LevelResult }> {
  const said: string[] = [];
  const result = await runLevel(level, packages, (line) => said.push(line));
  return { said, result };
}

async function runLevel(
  level: Level,
  packages: PackagesEnd,
  say: (line: string) => void,
): Promise<LevelResult> {
  say(`\n=== ${level.name}: ${level.about}`);
  const leftOut = reasonToLeaveOut(level, packages);
  if (leftOut !== undefined) {
    say(`!!! left out: ${leftOut}`);
    return { name: level.name, counts: NO_COUNTS, tookMs: 0, leftOut };
  }
  const startedAt = performance.now();
  const counts = await level.run(say).catch((error: unknown) => {
    say(`FAILED  the level itself broke: ${error instanceof Error ? error.stack : String(error)}`);
    return ONE_FAILED;
  });
  const tookMs = performance.now() - startedAt;
  say(`--- ${level.name}: ${formatTotal(counts)}`);
  if (sum([counts]).passed + counts.failed + counts.skipped > 0) return { name: level.name, counts, tookMs };
  return { name: level.name, counts, tookMs, leftOut: "there are no tests at this level" };
}

function reasonToLeaveOut(level: Level, packages: PackagesEnd): string | undefined {
  if (level.needs !== "root") return undefined;
  if (!isRoot()) return "real nodes need root (namespaces, bridges): sudo npm test";
  return packages.ok ? undefined : packages.why;
}

/** Root installs; anybody else is told what the machine lacks. */
async function preparePackages(levels: readonly Level[]): Promise<PackagesEnd> {
  if (!levels.some((level) => level.needs !== undefined)) return { ok: true };
  if (isRoot()) {
    const end = await ensurePackages();
    if (!end.ok) console.log(`!!! ${end.why}`);
    return end;
  }
  const missing = missingPackages();
  if (missing.length === 0) return { ok: true };
  const why = `not installed, and only root can install them: ${missing.join(", ")}`;
  console.log(`!!! ${why}`);
  return { ok: false, why };
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function isCi(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value.toLowerCase());
}
