/** Virtual time: what happens when. Equal times happen in the order in which they were planned. */
import type { Millis } from "../core/ids.ts";

interface Planned {
  readonly at: Millis;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

export interface Queue {
  readonly now: () => Millis;
  /** Answers a function that cancels the plan. */
  readonly at: (when: Millis, run: () => void) => () => void;
  /** Runs everything that is due until `until`, inclusive; time ends up there. */
  readonly runUntil: (until: Millis) => void;
}

/** Events per run: a world that never comes to rest is a bug. */
const EVENTS_MAX = 2_000_000;

export function createQueue(): Queue {
  const heap: Planned[] = [];
  let now = 0;
  let order = 0;
  let count = 0;
  const before = (a: Planned, b: Planned): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [heap[j] as Planned, heap[i] as Planned];
  };
  const up = (index: number): void => {
    for (let i = index; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!before(heap[i] as Planned, heap[parent] as Planned)) return;
      swap(i, parent);
      i = parent;
    }
  };
  const down = (): void => {
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < heap.length && before(heap[left] as Planned, heap[least] as Planned)) least = left;
      if (right < heap.length && before(heap[right] as Planned, heap[least] as Planned)) least = right;
      if (least === i) return;
      swap(i, least);
      i = least;
    }
  };
  const pop = (): Planned | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first !== undefined && last !== undefined && heap.length > 0) {
      heap[0] = last;
      down();
    }
    return first;
  };
  return {
    now: () => now,
    at(when, run) {
      const planned: Planned = { at: Math.max(when, now), order: order++, run, cancelled: false };
      heap.push(planned);
      up(heap.length - 1);
      return () => {
        planned.cancelled = true;
      };
    },
    runUntil(until) {
      for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
        pop();
        if (next.cancelled) continue;
        now = next.at;
        if (++count > EVENTS_MAX)
          throw new Error(`the world did not come to rest after ${EVENTS_MAX} events`);
        next.run();
      }
      now = Math.max(now, until);
    },
  };
}
