/** Reading and checking a `cluster.conf`: the usual one, and files of 1 MB that were made to be slow. */
import { readFileSync } from "node:fs";
import { HOSTILE_SHAPES, hostileFile } from "../src/config/hostile-files.ts";
import { CONFIG_BYTES_MAX } from "../src/config/limits.ts";
import { parseClusterConf } from "../src/config/parse.ts";
import type { Report } from "./report.ts";

/** The first runs compile; the figure is of those after. */
const WARM = 3;
const RUNS = 7;
const BUDGET_MS = 200;

export async function run(report: Report): Promise<void> {
  const article = readFileSync(new URL("../docs/examples/article.conf", import.meta.url));
  const base = median(() => parseClusterConf(article), 200);
  report.figure("the article's configuration", base, "ms");
  for (const shape of HOSTILE_SHAPES) {
    const text = hostileFile(shape, CONFIG_BYTES_MAX);
    const took = median(() => parseClusterConf(text), RUNS);
    report.figure(`1 MB, ${shape}`, took, "ms");
    if (took > BUDGET_MS) report.note(`1 MB, ${shape}: more than ${BUDGET_MS} ms`);
  }
}

function median(work: () => unknown, runs: number): number {
  const times: number[] = [];
  for (let run = 0; run < WARM + runs; run++) {
    const startedAt = performance.now();
    work();
    if (run >= WARM) times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}
