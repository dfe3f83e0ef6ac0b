/** Two texts, line by line, in the unified form that everybody knows. */

/** Unchanged lines around a change. */
const CONTEXT = 3;
/** Product of the lines that differ on both sides. Past it the whole stretch is shown as changed. */
const CELLS_MAX = 4_000_000;

interface Line {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Empty when they are equal. */
export function textDiff(a: string, b: string, names: { readonly a: string; readonly b: string }): string {
  const marked = compare(a.split("\n"), b.split("\n"));
  if (marked.every((line) => line.mark === " ")) return "";
  const out = [`--- ${names.a}`, `+++ ${names.b}`];
  for (const [from, to] of hunks(marked)) out.push(...hunk(marked, from, to));
  return `${out.join("\n")}\n`;
}

function compare(a: readonly string[], b: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ mark: " ", text }));
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

/** The longest common subsequence by the table of its lengths. */
function middle(a: readonly string[], b: readonly string[]): readonly Line[] {
  const removed = a.map((text): Line => ({ mark: "-", text }));
  const added = b.map((text): Line => ({ mark: "+", text }));
  if (a.length === 0 || b.length === 0 || a.length * b.length > CELLS_MAX) return [...removed, ...added];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ mark: " ", text: a[i++] as string });
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1)))
      out.push(removed[i++] as Line);
    else out.push(added[j++] as Line);
  }
  return out;
}

/** Stretches of changes with their surroundings; the end is exclusive. */
function hunks(lines: readonly Line[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  lines.forEach((line, index) => {
    if (line.mark === " ") return;
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(lines.length, index + CONTEXT + 1);
    const last = found.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else found.push([from, to]);
  });
  return found;
}

function hunk(lines: readonly Line[], from: number, to: number): readonly string[] {
  const count = (part: readonly Line[], mark: "-" | "+"): number =>
    part.filter((line) => line.mark === " " || line.mark === mark).length;
  const [before, part] = [lines.slice(0, from), lines.slice(from, to)];
  const place = (mark: "-" | "+"): string => {
    const length = count(part, mark);
    return `${mark}${count(before, mark) + (length === 0 ? 0 : 1)},${length}`;
  };
  return [`@@ ${place("-")} ${place("+")} @@`, ...part.map((line) => line.mark + line.text)];
}
