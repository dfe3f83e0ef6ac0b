/** The only clock and the only timers of the daemon's core loop. */
import { performance } from "node:perf_hooks";
import type { Millis, Now } from "../../core/ids.ts";

/** Units: ms. Longest single sleep: a timer of Node overflows at 2^31. */
const SLEEP_MS_MAX = 3_600_000;

export interface Clock {
  now(): Now;
  /** Calls `wake` once, not before `deadline` and not from within this call. Returns the cancel. */
  wakeAt(deadline: Millis, wake: () => void): () => void;
}

export function openClock(): Clock {
  const mono = (): Millis => Math.floor(performance.now());
  return {
    now: () => ({ mono: mono(), wall: Date.now() }),
    wakeAt(deadline, wake) {
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        const leftMs = deadline - mono();
        timer = setTimeout(leftMs > SLEEP_MS_MAX ? arm : check, Math.min(Math.max(leftMs, 1), SLEEP_MS_MAX));
      };
      // Timers of libuv may fire a fraction of a millisecond early.
      const check = (): void => (mono() < deadline ? arm() : wake());
      arm();
      return () => clearTimeout(timer);
    },
  };
}
