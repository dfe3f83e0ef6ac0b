import type { Place } from "./problem.ts";

/** Turns positions in a text into line and column. Positions must be asked for in rising order. */
export type Places = (position: number) => Place;

/** Cost: linear in the text over all calls, also when it is one long line. */
export function createPlaces(text: string): Places {
  let line = 1;
  let lineStart = 0;
  let lineEnd = text.indexOf("\n");
  return (position) => {
    while (lineEnd >= 0 && lineEnd < position) {
      line += 1;
      lineStart = lineEnd + 1;
      lineEnd = text.indexOf("\n", lineStart);
    }
    return { line, column: position - lineStart + 1 };
  };
}
