/** What is wrong with a `cluster.conf`, as data: all of it at once, each with its place. */
import { PROBLEMS_MAX } from "./limits.ts";
import { nearest } from "./nearest.ts";

/**
 * Shape: `line` counts from 1; 0 when the problem has no place (a file that is missing or too large).
 * No text of a problem ever holds the value of a fence device's attribute: it could be a password.
 */
export interface ConfigProblem {
  /** `error`: the file cannot be used. `warning`: it will surprise you one night. `hint`: could be better. */
  readonly severity: Severity;
  readonly line: number;
  readonly column?: number;
  /** What is there. */
  readonly what: string;
  /** Why it matters: what would come of it. Absent where what is there says it all. */
  readonly reason?: string;
  /** What should be there, or what to do. */
  readonly expected: string;
  /** The valid name that the author probably meant. */
  readonly nearest?: string;
}

export type Severity = "error" | "warning" | "hint";

/** A place in the file. Shape: both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** `FILE:LINE: error: what; expected …; did you mean "…"?`, the form that editors can jump to. */
export function formatProblem(problem: ConfigProblem, file: string): string {
  const place = problem.line > 0 ? `${file}:${problem.line}` : file;
  return `${place}: ${problem.severity}: ${problem.what}${reasonOf(problem)}; expected ${fixOf(problem)}`;
}

/** `FILE:LINE:COLUMN: error: …`: the form that editors and compilers agree on; always with both numbers. */
export function formatForEditor(problem: ConfigProblem, file: string): string {
  const place = `${file}:${Math.max(1, problem.line)}:${problem.column ?? 1}`;
  return `${place}: ${problem.severity}: ${problem.what}${reasonOf(problem)}; expected ${fixOf(problem)}`;
}

/** What to write in its place, with the name that was probably meant. */
export function fixOf({ expected, nearest }: ConfigProblem): string {
  return nearest === undefined ? expected : `${expected}; did you mean "${nearest}"?`;
}

function reasonOf({ reason }: ConfigProblem): string {
  return reason === undefined ? "" : ` (${reason})`;
}

export function hasErrors(problems: readonly ConfigProblem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

export interface More {
  readonly nearest?: string | undefined;
  readonly reason?: string;
}

/** Collects problems while a file is read. Reading goes on after each one. */
export interface Problems {
  error(place: Place, what: string, expected: string, more?: string | More): void;
  warn(place: Place, what: string, expected: string, more?: More): void;
  hint(place: Place, what: string, expected: string, more?: More): void;
  /** What was probably meant; not looked for any more when nobody would see it. */
  guess(word: string, candidates: Iterable<string>): string | undefined;
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
  const say =
    (severity: Severity) =>
    (place: Place, what: string, expected: string, more: string | More = {}): void => {
      const { nearest, reason } = typeof more === "string" ? { nearest: more, reason: undefined } : more;
      add({
        severity,
        ...placed(place),
        what: printable(what),
        ...(reason === undefined ? {} : { reason: printable(reason) }),
        expected: printable(expected),
        ...(nearest === undefined ? {} : { nearest: printable(nearest) }),
      });
    };
  return {
    error: say("error"),
    warn: say("warning"),
    hint: say("hint"),
    guess: (word, candidates) => (found.length < PROBLEMS_MAX ? nearest(word, candidates) : undefined),
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
