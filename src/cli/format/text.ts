/** Lines, columns and wrapping for terminals. All functions are pure. */
import type { Paint } from "./paint.ts";

/** Control characters from outside (an agent's output, a node's name) must not drive the terminal. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what is taken out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ");
}

/** Breaks at spaces; a word that is longer than the line stays whole. Never returns no line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of clean(text).split(/ +/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** A label, and a text that wraps under itself. */
export function labelled(
  label: string,
  text: string,
  options: { indent: number; columns: number },
): string[] {
  const left = " ".repeat(options.indent) + label.padEnd(LABEL_WIDTH);
  const hang = " ".repeat(left.length);
  return wrap(text, Math.max(options.columns - left.length, MIN_TEXT_WIDTH)).map((line, at) =>
    (at === 0 ? left + line : hang + line).trimEnd(),
  );
}

export const LABEL_WIDTH = 15;
const MIN_TEXT_WIDTH = 30;

/** One cell: what to print, and in which colour. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}
export type Row = readonly (string | Cell)[];

const cellText = (cell: string | Cell): string => clean(typeof cell === "string" ? cell : cell.text);

/** Columns as wide as their widest cell, two spaces apart; numbers right-aligned by `right`. */
export function table(
  head: readonly string[],
  rows: readonly Row[],
  options: { paint: Paint; right?: readonly number[]; indent?: number },
): string[] {
  const indent = " ".repeat(options.indent ?? 0);
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => cellText(row[at] ?? "").length)),
  );
  const line = (row: Row, paintAll?: (text: string) => string): string => {
    const last = row.findLastIndex((cell) => cellText(cell) !== "");
    const cells = row.slice(0, last + 1).map((cell, at) => {
      const text = cellText(cell);
      const gap = " ".repeat((widths[at] ?? 0) - text.length);
      const paint = paintAll ?? (typeof cell === "string" ? undefined : cell.paint);
      const painted = paint === undefined ? text : paint(text);
      if (options.right?.includes(at) === true) return gap + painted;
      return at === last ? painted : painted + gap;
    });
    return indent + cells.join("  ");
  };
  return [line(head, options.paint.dim), ...rows.map((row) => line(row))];
}

export function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

export function list(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(", ");
}
