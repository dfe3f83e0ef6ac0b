/** Plays one plan, heals the world, and tells which promise broke, if one did. */
import { parseCommand, perform, type Stage } from "../commands.ts";
import { BrokenPromise } from "../judges.ts";
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
}

export interface RunOptions {
  readonly reached?: (rule: string) => void;
  readonly say?: (source: string, text: string) => void;
}

/** Longest time between two looks of the judges at what is bound to no event. */
const PATROL_MS = 5_000;

function advance(stage: Stage, ms: number): void {
  for (let left = ms; left > 0; ) {
    const part = Math.min(left, PATROL_MS);
    stage.world?.run(part);
    left -= part;
    stage.world?.judges.patrol();
  }
}

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
    say: options.say ?? (() => {}),
    ...(options.reached === undefined ? {} : { reached: options.reached }),
  };
  const quiet = options.say === undefined ? " story=no" : "";
  let failure: Failure | undefined;
  try {
    perform(stage, parseCommand(plan.cluster + quiet));
    for (const step of plan.steps) {
      advance(stage, step.afterMs);
      options.say?.("plan", step.command);
      perform(stage, parseCommand(step.command));
    }
    advance(stage, PATROL_MS);
    options.say?.("plan", "heal-all");
    perform(stage, parseCommand("heal-all"));
  } catch (error) {
    failure = failureOf(error, stage.world?.now() ?? 0);
  }
  const simulatedMs = stage.world?.now() ?? 0;
  const nodes = stage.world?.nodes.size ?? 0;
  return { simulatedMs, nodes, ...(failure === undefined ? {} : { failure }) };
}
