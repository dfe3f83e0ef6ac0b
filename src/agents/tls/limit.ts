import type { Millis } from "../../core/ids.ts";
import { type AgentContext, type AgentProblem, problem } from "../frame/agent.ts";
import { DEADLINE } from "../frame/pace.ts";

/** Longest wait that a timer of the platform can be set to. Units: ms. */
const TIMER_MS_MAX = 2_147_483_647;

/** What a step may still take: its own limit, or what is left of the whole action if that is less. */
export interface Limit {
  /** Fires when the time is over or the action was called off. */
  readonly signal: AbortSignal;
  /** Names what was waited for, and whose limit it was. */
  problem(what: string): { ok: false; problem: AgentProblem };
}

/** Order: `work` has to end when the signal fires. The timer is gone when this resolves. */
export async function within<T>(
  stepMs: Millis,
  context: AgentContext,
  work: (limit: Limit) => Promise<T>,
): Promise<T> {
  const leftMs = Math.max(0, context.deadline - performance.now());
  const ms = Math.ceil(Math.min(stepMs, leftMs, TIMER_MS_MAX));
  const own = new AbortController();
  const stop = (): void => own.abort();
  const timer = setTimeout(stop, ms);
  if (context.signal.aborted || ms <= 0) stop();
  context.signal.addEventListener("abort", stop);
  try {
    return await work({
      signal: own.signal,
      problem(what) {
        // The action's own signal fires at its deadline too: that is a timeout, not a call off. Timers count
        // from the start of their turn, and may be early by as long as that took.
        const isLate = context.signal.reason === DEADLINE || performance.now() >= context.deadline - 1;
        if (context.signal.aborted && !isLate)
          return problem("cancelled", `called off while waiting for ${what}`);
        const whose = leftMs < stepMs ? "all that was left of the time for the action" : "the limit for it";
        return problem("timeout", `no end of ${what} within ${ms} ms: ${whose}`);
      },
    });
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener("abort", stop);
  }
}

/** Resolves when the signal fires or `stop` is called, whichever is first. */
export function firing(signal: AbortSignal): { readonly fired: Promise<void>; readonly stop: () => void } {
  let stop = (): void => {};
  const fired = new Promise<void>((resolve) => {
    stop = () => {
      signal.removeEventListener("abort", stop);
      resolve();
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });
  return { fired, stop };
}
