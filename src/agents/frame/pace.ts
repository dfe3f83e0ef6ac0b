/** Waiting, and knowing when it is no use any more. */
import type { Millis } from "../../core/ids.ts";
import type { CancelSignal } from "../../ports/exec.ts";
import type { AgentContext } from "./agent.ts";

/** Longest wait that a timer of the platform can be set to. Units: ms. */
const TIMER_MS_MAX = 2_147_483_647;

export function nowMs(): Millis {
  return performance.now();
}

/** Units: ms. 0 when the time is over or somebody called it off. */
export function leftMs({ signal, deadline }: Pick<AgentContext, "signal" | "deadline">): Millis {
  return signal.aborted ? 0 : Math.max(0, deadline - nowMs());
}

/** Resolves after `ms`, at the latest when the signal fires. Never rejects. */
export function pause(ms: Millis, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, TIMER_MS_MAX));
    signal.addEventListener("abort", done);
  });
}

/** Why a signal of {@link limited} fired, when nobody called it off. */
export const DEADLINE = "the deadline";

/** A signal that fires with the caller's, or at the deadline; `release` lets go of both. */
export function limited(context: AgentContext): {
  readonly context: AgentContext;
  readonly release: () => void;
} {
  const own = new AbortController();
  const stop = (): void => own.abort();
  const timer = setTimeout(() => own.abort(DEADLINE), Math.min(leftMs(context), TIMER_MS_MAX));
  if (context.signal.aborted) stop();
  context.signal.addEventListener("abort", stop);
  return {
    context: { ...context, signal: own.signal },
    release() {
      clearTimeout(timer);
      context.signal.removeEventListener("abort", stop);
    },
  };
}

/** Fires with the first of both. */
export function eitherOf(own: AbortSignal, other: CancelSignal | undefined): AbortSignal {
  return other instanceof AbortSignal ? AbortSignal.any([own, other]) : own;
}
