/** One tick for all timers of the page: they move together and stop with the page. */
import { useSyncExternalStore } from "react";
import { useLive } from "./store.ts";

const TICK_MS = 250;
let tick = performance.now();
const listeners = new Set<() => void>();

window.setInterval(() => {
  tick = performance.now();
  for (const listener of listeners) listener();
}, TICK_MS);

function useTick(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => tick,
  );
}

/** The server's wall clock, as far as the page knows it. Units: ms. */
export function useServerNow(): number {
  return useTick() + useLive().clockOffset;
}

export type Freshness = "fresh" | "late" | "stale";

/** Amber from here, grey from there. Units: ms without a word from the daemon. */
export const LATE_MS = 5_000;
export const STALE_MS = 15_000;

export interface Age {
  readonly freshness: Freshness;
  /** Units: ms. */
  readonly ageMs: number;
}

/** How old what the page shows is: silence of the stream, and of the daemon behind it, both count. */
export function useAge(): Age {
  const now = useTick();
  const { heardAt, daemon, freshAt, clockOffset, connected, status } = useLive();
  const silent = now - heardAt;
  const lost = daemon === "lost" && freshAt > 0 ? now + clockOffset - freshAt : 0;
  const ageMs = Math.max(0, silent, lost);
  const isGone = status !== undefined && (!connected || daemon === "lost");
  const freshness =
    ageMs >= STALE_MS ? "stale" : ageMs >= LATE_MS || (isGone && ageMs > LATE_MS) ? "late" : "fresh";
  return { freshness, ageMs };
}
