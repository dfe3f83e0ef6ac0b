/** What is wrong with a `cluster.conf`, as data: all of it at once, each with its place. */
import { PROBLEMS_MAX } from "./limits.ts";

/**
 * Shape: `line` counts from 1; 0 when the problem has no place (a file that is missing or too large).
 * No text of a problem ever holds the value of a fence device's attribute: it could be a password.
 */
export interface ConfigProblem {
  readonly severity: "error" | "warning";
  readonly line: number;
  readonly column?: number;
  /** What is there. */
  readonly what: string;
  /** What should be there, or what to do. */
  readonly expected: string;
  /** The valid name that the author probably meant. */
  readonly nearest?: string;
}

/** A place in the file. Shape: both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** `FILE:LINE: error: what; expected …; did you mean "…"?`, the form that editors can jump to. */
export function formatProblem(problem: ConfigProblem, file: string): string {
  const place = problem.line > 0 ? `${file}:${problem.line}` : file;
  const hint = problem.nearest === undefined ? "" : `; did you mean "${problem.nearest}"?`;
  return `${place}: ${problem.severity}: ${problem.what}; expected ${problem.expected}${hint}`;
}

export function hasErrors(problems: readonly ConfigProblem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

/** Collects problems while a file is read. Reading goes on after each one. */
export interface Problems {
  error(place: Place, what: string, expected: string, nearest?: string): void;
  warn(place: Place, what: string, expected: string): void;
  /** Sorted by place; at most {@link PROBLEMS_MAX} and one line that says how many more there are. */
  all(): readonly ConfigProblem[];
}

export const NOWHERE: Place = { line: 0, column: 0 };

export function createProblems(): Problems {
  const found: ConfigProblem[] = [];
  const seen = new Set<string>();
  let leftOut = 0;
  let errorsLeftOut = 0;
  const add = (problem: ConfigProblem): void => {
    // A fence device is read once for every line that uses it: say what is wrong with it once.
    const key = `${problem.severity} ${problem.line}:${problem.column ?? 0} ${problem.what}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (found.length < PROBLEMS_MAX) {
      found.push(problem);
      return;
    }
    leftOut += 1;
    if (problem.severity === "error") errorsLeftOut += 1;
  };
  return {
    error(place, what, expected, nearest) {
      const hint = nearest === undefined ? {} : { nearest: printable(nearest) };
      add({
        severity: "error",
        ...placed(place),
        what: printable(what),
        expected: printable(expected),
        ...hint,
      });
    },
    warn(place, what, expected) {
      add({ severity: "warning", ...placed(place), what: printable(what), expected: printable(expected) });
    },
    all() {
      const sorted = found.toSorted((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0));
      if (leftOut === 0) return sorted;
      const severity = errorsLeftOut > 0 ? "error" : "warning";
      const what = `${leftOut} more problems are not shown`;
      return [...sorted, { severity, line: 0, what, expected: "the ones above to be corrected first" }];
    },
  };
}

function placed(place: Place): { readonly line: number; readonly column?: number } {
  return place.column > 0 ? { line: place.line, column: place.column } : { line: place.line };
}

/** Names come from the file and go to terminals: no escape sequence and no reversed text gets through. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "·");
}
