/** `npm run bench [-- NAME[:PART,...] ...]`: runs bench/NAME.bench.ts, or all of them, one after another. */
import { globSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { basename, join } from "node:path";
import { type Bench, createReport, formatRows } from "./report.ts";

const FOLDER = import.meta.dirname;
const SUFFIX = ".bench.ts";

interface Chosen {
  readonly name: string;
  readonly parts: readonly string[];
}

/** What a file of benchmarks exports; `PARTS`: what may be asked for alone. */
interface Module {
  readonly run: Bench;
  readonly PARTS?: readonly string[];
}

const names = globSync(`*${SUFFIX}`, { cwd: FOLDER })
  .map((file) => basename(file, SUFFIX))
  .sort();

function fail(detail: string): never {
  console.error(detail);
  process.exit(2);
}

async function load(name: string): Promise<Module> {
  return (await import(join(FOLDER, `${name}${SUFFIX}`))) as Module;
}

async function choose(text: string): Promise<Chosen> {
  const [name = "", list] = text.split(":");
  if (!names.includes(name)) {
    fail(`no such benchmark: ${name}. There are: ${names.join(", ") || "none yet"}`);
  }
  const parts = list === undefined ? [] : list.split(",");
  const known = parts.length === 0 ? [] : ((await load(name)).PARTS ?? []);
  const unknown = parts.filter((part) => !known.includes(part));
  if (unknown.length > 0) {
    fail(`${name} has no part ${unknown.join(", ")}. There are: ${known.join(", ") || "none"}`);
  }
  return { name, parts };
}

const wanted = process.argv.slice(2);
const chosen: readonly Chosen[] = await Promise.all((wanted.length > 0 ? wanted : names).map(choose));

const memoryGiB = (totalmem() / 2 ** 30).toFixed(0);
console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${memoryGiB} GiB, Linux ${release()}, Node ${process.version}`,
);
let failed = 0;
for (const { name, parts } of chosen) {
  const { report, rows } = createReport();
  const { run } = await load(name);
  try {
    await run(report, parts);
  } catch (error) {
    failed++;
    report.note(`ended early: ${error instanceof Error ? error.message : String(error)}`);
  }
  console.log(`\n${formatRows([name, ...parts].join(" "), rows)}`);
}
process.exitCode = failed === 0 ? 0 : 1;
