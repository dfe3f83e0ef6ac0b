/** Judges what stands in the code: sizes, leftover marks, and what pure code may not name. */
import { blanked } from "./source.ts";

export const LINES_MAX = 400;
export const LINES_MEDIAN_MAX = 90;

export function lineCount(text: string): number {
  return text === "" ? 0 : text.trimEnd().split("\n").length;
}

export function tooLong(files: ReadonlyMap<string, string>, linesMax: number): string[] {
  return [...files].flatMap(([file, text]) => {
    const lines = lineCount(text);
    return lines > linesMax ? [`${file} has ${lines} lines, at most ${linesMax} are allowed`] : [];
  });
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}

/** Marks of unfinished work. A sentence in an issue is the place for them. */
export function leftovers(files: ReadonlyMap<string, string>): string[] {
  return grep(files, /\b(?:TODO|FIXME|XXX|HACK)\b/, (text) => text);
}

/**
 * A clock, chance, the outside world, or waiting: in pure code they come in as inputs. The locale
 * too: daemons agree byte for byte, also when their languages differ.
 */
const IMPURE = new RegExp(
  [
    String.raw`(?<![\w$.])Date\s*\.\s*now\b`,
    String.raw`\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())`,
    String.raw`(?<![\w$.])Date\s*\(`,
    String.raw`(?<![\w$])Math\s*\.\s*random\b`,
    String.raw`(?<![\w$.])(?:performance|crypto|console|fetch|globalThis|Promise|Intl)\b(?!\s*:)`,
    String.raw`(?<![\w$.])process\s*\.\s*(?:env|argv|exit|pid|kill|on|nextTick|hrtime|uptime|std\w+|memoryUsage)\b`,
    String.raw`(?<![\w$.])(?:setTimeout|setInterval|setImmediate|queueMicrotask|structuredClone)\b`,
    String.raw`(?<![\w$.])(?:async|await)\s`,
    String.raw`\.\s*(?:toLocale\w*|localeCompare)\b`,
  ].join("|"),
);

export function impurities(files: ReadonlyMap<string, string>): string[] {
  // `new Date(x)` is a value; `new Date(` is looked at with the other rules, so take it out first.
  return grep(files, IMPURE, (text) => blanked(text, "code").replace(/\bnew\s+Date\s*\((?!\s*\))/g, "new ("));
}

function grep(
  files: ReadonlyMap<string, string>,
  pattern: RegExp,
  prepare: (text: string) => string,
): string[] {
  return [...files].flatMap(([file, text]) =>
    prepare(text)
      .split("\n")
      .flatMap((line, index) => {
        const word = pattern.exec(line)?.[0];
        return word === undefined ? [] : [`${file}:${index + 1} has ${word.trim()}`];
      }),
  );
}
