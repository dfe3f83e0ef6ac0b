/** Plays seeds, then scenarios, with the core that lies beside it, until something is noticed. */
import { globSync, readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { drawPlan } from "../../sim/fuzz/plan.ts";
import { runPlan } from "../../sim/fuzz/run.ts";
import { playScenario } from "../../sim/scenario.ts";

export interface HuntTask {
  readonly seeds: number;
  readonly profile: string;
  readonly scenarios: string;
}

function hunt({ seeds, profile, scenarios }: HuntTask): string | undefined {
  for (let seed = 1; seed <= seeds; seed++) {
    const { failure } = runPlan(drawPlan(seed, profile));
    if (failure !== undefined) return `seed ${seed} (${failure.promise})`;
  }
  for (const file of globSync("**/*.scn", { cwd: scenarios }).sort()) {
    const text = readFileSync(`${scenarios}/${file}`, "utf8");
    if (playScenario(text) !== text) return `\`${file}\``;
  }
  return undefined;
}

parentPort?.once("message", (task: HuntTask) => parentPort?.postMessage(hunt(task)));
