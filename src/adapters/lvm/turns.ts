/** Work on one thing in turn: what two commands of one host want of one volume. */

export interface Turns {
  /** Runs `work` when everything that came before for this key has ended. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take(key, work) {
      const mine = (last.get(key) ?? Promise.resolve()).then(work);
      const over = mine.then(
        () => {},
        () => {},
      );
      last.set(key, over);
      void over.then(() => last.get(key) === over && last.delete(key));
      return mine;
    },
  };
}
