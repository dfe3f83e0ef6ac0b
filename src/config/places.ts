import type { Place } from "./problem.ts";

/** Turns positions in a text into line and column. Positions must be asked for in rising order. */
export type Places = (position: number) => Place;

/** Cost: linear in the text over all calls. */
export function createPlaces(text: string): Places {
  let line = 1;
  let lineStart = 0;
  return (position) => {
    for (;;) {
      const lineEnd = text.indexOf("\n", lineStart);
      if (lineEnd < 0 || lineEnd >= position) break;
      line += 1;
      lineStart = lineEnd + 1;
    }
    return { line, column: position - lineStart + 1 };
  };
}
