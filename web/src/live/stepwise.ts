/** Long work of the page's own, a slice at a time, so that timers and keys go on. */
import { useEffect, useState } from "react";

/** Units: ms of work before the page may draw. */
const SLICE_MS = 30;

export interface Steps {
  readonly done: number;
  readonly all: number;
}

export type Worked<T> =
  | { readonly type: "working"; readonly steps: Steps }
  | { readonly type: "done"; readonly value: T }
  | { readonly type: "failed"; readonly detail: string };

/** Begins anew whenever `begin` is another function: it has to be kept between renders. */
export function useStepwise<T>(begin: () => Generator<Steps, T>): Worked<T> {
  const [state, setState] = useState<Worked<T>>({ type: "working", steps: { done: 0, all: 1 } });
  useEffect(() => {
    setState({ type: "working", steps: { done: 0, all: 1 } });
    const steps = begin();
    let timer = window.setTimeout(function work() {
      const until = performance.now() + SLICE_MS;
      try {
        for (;;) {
          const next = steps.next();
          if (next.done === true) return setState({ type: "done", value: next.value });
          if (performance.now() < until) continue;
          setState({ type: "working", steps: next.value });
          timer = window.setTimeout(work);
          return;
        }
      } catch (error) {
        setState({ type: "failed", detail: error instanceof Error ? error.message : String(error) });
      }
    });
    return () => clearTimeout(timer);
  }, [begin]);
  return state;
}
