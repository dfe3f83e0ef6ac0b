/** One answer for all who ask the same at the same time: pages look every few seconds, and there may be hundreds. */

export interface Share<T> {
  /** `work` is done when nobody has asked for `key` just now; a failure is nobody else's answer. */
  get(key: string, work: () => Promise<T>): Promise<T>;
}

/** `forMs`: how long an answer serves others, from when it was asked for. */
export function createShare<T>(forMs: number, now: () => number): Share<T> {
  const asked = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  return {
    get(key, work) {
      const before = asked.get(key);
      if (before !== undefined && now() - before.at < forMs) return before.answer;
      const answer = work();
      asked.set(key, { at: now(), answer });
      answer.catch(() => {
        if (asked.get(key)?.answer === answer) asked.delete(key);
      });
      return answer;
    },
  };
}
