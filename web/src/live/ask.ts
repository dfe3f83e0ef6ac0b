/** One request of a button: under way, done, or refused with words. No optimistic updates. */
import { useCallback, useEffect, useRef, useState } from "react";
import { OperationError } from "../../../src/core/errors.ts";

export type Asked<T> =
  | { readonly type: "idle" }
  | { readonly type: "asking" }
  | { readonly type: "done"; readonly value: T }
  | { readonly type: "refused"; readonly code: string; readonly detail: string };

export function refusalOf(error: unknown): {
  readonly type: "refused";
  readonly code: string;
  readonly detail: string;
} {
  if (error instanceof OperationError) {
    return { type: "refused", code: error.code, detail: error.message.replace(` (${error.code})`, "") };
  }
  return { type: "refused", code: "API_INTERNAL", detail: String(error) };
}

export function useAsk<T>(): readonly [Asked<T>, (work: () => Promise<T>) => Promise<void>, () => void] {
  const [state, setState] = useState<Asked<T>>({ type: "idle" });
  const ask = useCallback(async (work: () => Promise<T>) => {
    setState({ type: "asking" });
    try {
      setState({ type: "done", value: await work() });
    } catch (error) {
      setState(refusalOf(error));
    }
  }, []);
  return [state, ask, useCallback(() => setState({ type: "idle" }), [])];
}

/** Something that is fetched, and fetched anew when `key` changes; what there was stays until then. */
export function useFetched<T>(fetch: () => Promise<T>, key: unknown): Asked<T> {
  const [state, setState] = useState<Asked<T>>({ type: "asking" });
  const latest = useRef(fetch);
  latest.current = fetch;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when to fetch anew.
  useEffect(() => {
    let current = true;
    latest.current().then(
      (value) => current && setState({ type: "done", value }),
      (error: unknown) => current && setState(refusalOf(error)),
    );
    return () => {
      current = false;
    };
  }, [key]);
  return state;
}
