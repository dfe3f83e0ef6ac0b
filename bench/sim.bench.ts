/** Simulated cluster-hours per minute of one core, for clusters of several sizes. */
import { drawPlan } from "../src/sim/fuzz/plan.ts";
import { runPlan } from "../src/sim/fuzz/run.ts";
import type { Report } from "./report.ts";

const SEEDS = 60;
const HOUR_MS = 3_600_000;

export async function run(report: Report): Promise<void> {
  for (const nodes of [3, 5, 16, 32]) {
    let simulatedMs = 0;
    const before = process.cpuUsage();
    for (let seed = 1; seed <= (nodes > 5 ? SEEDS / 10 : SEEDS); seed++) {
      simulatedMs += runPlan(drawPlan(seed, "everything", nodes)).simulatedMs;
    }
    const { user, system } = process.cpuUsage(before);
    const minutes = (user + system) / 60_000_000;
    report.figure(`cluster-hours per CPU-minute, ${nodes} nodes`, simulatedMs / HOUR_MS / minutes, "h");
  }
}
