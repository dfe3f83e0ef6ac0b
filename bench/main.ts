/** `npm run bench [-- NAME ...]`: runs bench/NAME.bench.ts, or all of them, one after another. */
import { globSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { basename, join } from "node:path";
import { type Bench, createReport, formatRows } from "./report.ts";

const FOLDER = import.meta.dirname;
const SUFFIX = ".bench.ts";

const names = globSync(`*${SUFFIX}`, { cwd: FOLDER })
  .map((file) => basename(file, SUFFIX))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0 || names.length === 0) {
  console.error(
    `no such benchmark: ${unknown.join(", ") || "there are none yet"}. There are: ${names.join(", ")}`,
  );
  process.exit(2);
}

const memoryGiB = (totalmem() / 2 ** 30).toFixed(0);
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${memoryGiB} GiB, Linux ${release()}, Node ${process.version}`,
);
let failed = 0;
for (const name of wanted.length > 0 ? wanted : names) {
  const { report, rows } = createReport();
  const { run } = (await import(join(FOLDER, `${name}${SUFFIX}`))) as { readonly run: Bench };
  try {
    await run(report);
  } catch (error) {
    failed++;
    report.note(`ended early: ${error instanceof Error ? error.message : String(error)}`);
  }
  console.log(`\n${formatRows(name, rows)}`);
}
process.exitCode = failed === 0 ? 0 : 1;
