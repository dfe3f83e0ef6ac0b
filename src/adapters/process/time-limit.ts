/** The value of `promise`, or `otherwise` when it takes longer than `limitMs` or fails. Never rejects. */
export function withTimeLimit<T>(promise: Promise<T>, limitMs: number, otherwise: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), limitMs);
    const settle = (value: T): void => {
      clearTimeout(timer);
      resolve(value);
    };
    promise.then(settle, () => settle(otherwise));
  });
}

/** What nobody waits for any more and the kernel has not given back, by what is looked at. */
const lost = new Set<string>();

/**
 * A look at a file system that may hang. Each that hangs holds a thread of the pool for as long, and
 * there are few: what hung the last time and still does is not asked again, the answer is `otherwise`
 * at once. Never rejects.
 */
export function lookWithin<T>(
  what: string,
  look: () => Promise<T>,
  limitMs: number,
  otherwise: T,
): Promise<T> {
  if (lost.has(what)) return Promise.resolve(otherwise);
  const looking = look();
  const given = setTimeout(() => lost.add(what), limitMs);
  const settle = (): void => {
    clearTimeout(given);
    lost.delete(what);
  };
  looking.then(settle, settle);
  return withTimeLimit(looking, limitMs, otherwise);
}
