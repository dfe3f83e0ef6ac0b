/** Two texts as the lines that differ, in the form that `diff -u` made known. Secrets are masked. */
import { diff } from "node:util";
import { isSecretName } from "../../config/secret.ts";
import { clean } from "./text.ts";

/** Lines shown around each difference. */
const CONTEXT = 3;

/** More lines than this on a side are not compared: nobody reads them, and it takes too long. */
export const DIFF_LINES_MAX = 20_000;

export interface Side {
  readonly name: string;
  readonly text: string;
}

/** Empty when both are equal. */
export function formatTextDiff(before: Side, after: Side): readonly string[] {
  if (before.text === after.text) return [];
  const [a, b] = [linesOf(before.text), linesOf(after.text)];
  if (a.length > DIFF_LINES_MAX || b.length > DIFF_LINES_MAX)
    return ["(too long to be compared line by line)"];
  const rows = rowsOf(a, b);
  const head = [`--- ${clean(before.name)}`, `+++ ${clean(after.name)}`];
  return [...head, ...hunksOf(rows).flatMap(formatHunk)];
}

type Sign = " " | "-" | "+";

interface Row {
  readonly sign: Sign;
  readonly text: string;
  /** Number of the line on each side, from 1; of a line that is on the other side only, where it would be. */
  readonly a: number;
  readonly b: number;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function rowsOf(before: readonly string[], after: readonly string[]): readonly Row[] {
  let [a, b] = [1, 1];
  // The library tells what has to be done to the first to get the second: 1 is in the first only.
  return diff([...before], [...after]).map(([where, text]) => {
    const row: Row = { sign: where === 0 ? " " : where === 1 ? "-" : "+", text, a, b };
    if (where !== -1) a += 1;
    if (where !== 1) b += 1;
    return row;
  });
}

function hunksOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const hunks: Row[][] = [];
  let shownUpTo = -1;
  for (const [index, row] of rows.entries()) {
    if (row.sign === " ") continue;
    const from = Math.max(index - CONTEXT, shownUpTo + 1);
    const to = Math.min(index + CONTEXT, rows.length - 1);
    const isNew = shownUpTo < 0 || from > shownUpTo + 1;
    if (isNew || hunks.length === 0) hunks.push(rows.slice(from, to + 1));
    else hunks.at(-1)?.push(...rows.slice(shownUpTo + 1, to + 1));
    shownUpTo = to;
  }
  return hunks;
}

function formatHunk(rows: readonly Row[]): readonly string[] {
  const [first] = rows;
  const count = (without: Sign): number => rows.filter(({ sign }) => sign !== without).length;
  const head = `@@ -${first?.a ?? 0},${count("+")} +${first?.b ?? 0},${count("-")} @@`;
  return [head, ...rows.map(({ sign, text }) => `${sign}${clean(masked(text))}`)];
}

/** By the names of attributes; a value that goes over several lines is no value of ours. */
function masked(line: string): string {
  return line.replaceAll(/([\w.-]+)(\s*=\s*)("[^"]*"|'[^']*')/g, (all, name: string, equals: string) =>
    isSecretName(name) ? `${name}${equals}"[secret]"` : all,
  );
}
