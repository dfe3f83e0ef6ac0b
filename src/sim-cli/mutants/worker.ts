/** Plays seeds, then scenarios, with the core that lies beside it, until something is noticed. */
import { globSync, readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { drawPlan } from "../../sim/fuzz/plan.ts";
import { runPlan } from "../../sim/fuzz/run.ts";
import { playScenario } from "../../sim/scenario.ts";

export interface HuntTask {
  readonly seeds: number;
  /** Seeds that noticed it before: tried first. */
  readonly first: readonly number[];
  readonly profile: string;
  readonly scenarios: string;
  /** A scenario that noticed it before: played first. */
  readonly firstScenario?: string;
}

function noticed(seed: number, profile: string): string | undefined {
  const { failure } = runPlan(drawPlan(seed, profile));
  return failure === undefined ? undefined : `seed ${seed} (${failure.promise.replace("threw ", "")})`;
}

function hunt({ seeds, first, profile, scenarios, firstScenario }: HuntTask): string | undefined {
  const differs = (file: string): boolean => {
    const text = readFileSync(`${scenarios}/${file}`, "utf8");
    return playScenario(text) !== text;
  };
  if (firstScenario !== undefined && differs(firstScenario)) return `\`${firstScenario}\``;
  for (const seed of first) {
    const by = noticed(seed, profile);
    if (by !== undefined) return by;
  }
  for (let seed = 1; seed <= seeds; seed++) {
    const by = noticed(seed, profile);
    if (by !== undefined) return by;
  }
  for (const file of globSync("**/*.scn", { cwd: scenarios }).sort()) {
    if (differs(file)) return `\`${file}\``;
  }
  return undefined;
}

parentPort?.once("message", (task: HuntTask) => parentPort?.postMessage(hunt(task)));
