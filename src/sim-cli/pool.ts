/** Plays seeds on all cores, lowest first, until they are done or the budget is. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Result, SeedFailure, Task } from "./work.ts";

/** Seeds per task: small, so that the budget is kept and the progress moves. */
const SEEDS_PER_TASK = 20;

export interface Order {
  readonly profile: string;
  readonly first: number;
  readonly seeds: number;
  /** Units: ms. `Infinity`: no limit. */
  readonly budgetMs: number;
}

export interface Tally {
  seeds: number;
  simulatedMs: number;
  readonly reached: Set<string>;
  readonly failures: SeedFailure[];
}

function add(tally: Tally, result: Result): void {
  tally.seeds += result.seeds;
  tally.simulatedMs += result.simulatedMs;
  for (const rule of result.reached) tally.reached.add(rule);
  tally.failures.push(...result.failures);
}

/** @param signal ends it after the tasks that run */
export async function playSeeds(
  order: Order,
  signal: AbortSignal | undefined,
  onProgress: (tally: Tally) => void,
): Promise<Tally> {
  const tally: Tally = { seeds: 0, simulatedMs: 0, reached: new Set(), failures: [] };
  const until = performance.now() + order.budgetMs;
  let next = order.first;
  const end = order.first + order.seeds;

  async function serve(worker: Worker): Promise<void> {
    while (next < end && performance.now() < until && signal?.aborted !== true) {
      const task: Task = { profile: order.profile, first: next, count: Math.min(SEEDS_PER_TASK, end - next) };
      next += task.count;
      const answer = new Promise<Result>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
      });
      worker.postMessage(task);
      add(tally, await answer);
      worker.removeAllListeners("error");
      onProgress(tally);
    }
  }

  const count = Math.min(availableParallelism(), Math.ceil(order.seeds / SEEDS_PER_TASK));
  const workers = Array.from({ length: count }, () => new Worker(new URL("./worker.ts", import.meta.url)));
  try {
    await Promise.all(workers.map(serve));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  tally.failures.sort((a, b) => a.seed - b.seed);
  return tally;
}
