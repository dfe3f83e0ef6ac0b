/** Plays one plan, heals the world, and tells which promise broke, if one did. */
import { parseCommand, pass, perform, type Stage } from "../commands.ts";
import { BrokenPromise } from "../judges/broken.ts";
import type { World } from "../world.ts";
import type { Plan } from "./plan.ts";

export interface Failure {
  /** `I1` to `I9`, `threw`, `busy`. */
  readonly promise: string;
  readonly detail: string;
  readonly atMs: number;
}

export interface Run {
  readonly failure?: Failure;
  readonly simulatedMs: number;
  readonly nodes: number;
  /** As the plan left it. */
  readonly world: World | undefined;
}

export interface RunOptions {
  readonly reached?: (rule: string) => void;
  readonly say?: (atMs: number, source: string, text: string) => void;
}

/** After the last step, before everything is repaired. Units: ms. */
export const LAST_LOOK_MS = 5_000;

function failureOf(error: unknown, atMs: number): Failure {
  const detail = error instanceof Error ? error.message : String(error);
  const promise = /^(I\d+|busy|unreachable)/.exec(detail)?.[1] ?? "threw";
  if (error instanceof BrokenPromise) return { promise, detail, atMs };
  const stack = error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 6).join("\n") : "";
  return { promise: `threw ${promise}`, detail: `${detail}\n${stack}`, atMs };
}

export function runPlan(plan: Plan, options: RunOptions = {}): Run {
  const stage: Stage = {
    world: undefined,
    say: (source, text) => options.say?.(stage.world?.now() ?? 0, source, text),
    ...(options.reached === undefined ? {} : { reached: options.reached }),
  };
  const quiet = options.say === undefined ? " story=no" : "";
  let failure: Failure | undefined;
  try {
    perform(stage, parseCommand(plan.cluster + quiet));
    for (const step of plan.steps) {
      if (stage.world !== undefined) pass(stage.world, step.afterMs);
      options.say?.(stage.world?.now() ?? 0, "plan", step.command);
      perform(stage, parseCommand(step.command));
    }
    if (stage.world !== undefined) pass(stage.world, LAST_LOOK_MS);
    options.say?.(stage.world?.now() ?? 0, "plan", "heal-all");
    perform(stage, parseCommand("heal-all"));
  } catch (error) {
    failure = failureOf(error, stage.world?.now() ?? 0);
  }
  const simulatedMs = stage.world?.now() ?? 0;
  const nodes = stage.world?.nodes.size ?? 0;
  return { simulatedMs, nodes, world: stage.world, ...(failure === undefined ? {} : { failure }) };
}
