/** Shots that are on their way at somebody who is not to be shot at any more. */
import type { State } from "../state.ts";
import { isWanted } from "./executor.ts";

/**
 * Agent runs that the edge may call off: their victim came back clean, or is proven off by other means (I5).
 * Each still ends with an exit, which says what became of it; one that is not called off does no harm to what
 * is decided here.
 */
export function unwantedRuns(state: State): readonly number[] {
  return state.operations.flatMap((operation) => {
    const { opId, outcome } = operation;
    return opId === undefined || outcome !== undefined || isWanted(state, operation) ? [] : [opId];
  });
}
