/** Limits of rate: buckets that fill up again, one per key. */

export interface RateLimit {
  /** Takes one from the bucket of this key; false: it is empty. */
  take(key: string): boolean;
}

export interface RateOptions {
  readonly burst: number;
  /** Units: ms until one more is allowed. */
  readonly everyMs: number;
  readonly now: () => number;
}

/** Keys that are remembered. The one that was idle longest is forgotten first. */
const KEYS_MAX = 4_096;

export function createRateLimit({ burst, everyMs, now }: RateOptions): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(key) {
      const at = now();
      const old = buckets.get(key) ?? { left: burst, at };
      buckets.delete(key); // And put it at the end: the first is the one that was idle longest.
      const left = Math.min(burst, old.left + (at - old.at) / everyMs);
      buckets.set(key, { left: left < 1 ? left : left - 1, at });
      if (buckets.size > KEYS_MAX) buckets.delete(buckets.keys().next().value ?? "");
      return left >= 1;
    },
  };
}
