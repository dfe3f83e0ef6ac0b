/** What programs that count under a lock left behind, and what it proves. */
import type { Incident } from "../core/ledger.ts";

export interface Counted {
  readonly value: number;
  readonly node: string;
  readonly boot: string;
  /** Units: ms since 1970, one clock for all nodes of the machine. */
  readonly at: number;
}

/** One line each: value, node, boot, time. Errors: throws at a line that nobody can have written whole. */
export function parseJournal(text: string): readonly Counted[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [value, node, boot, at] = line.split(" ");
      if (node === undefined || boot === undefined || !(Number(value) > 0) || !(Number(at) > 0))
        throw new Error(`the journal has a line that nobody wrote: ${line}`);
      return { value: Number(value), node, boot, at: Number(at) };
    });
}

type Ended = Pick<Incident, "name" | "incarnation" | "doneAt">;

/**
 * Every way in which the lock may have failed, in sentences; empty: it held. A node that was lost may have
 * counted once and not said so: between the two writes.
 */
export function findCounterProblems(
  lines: readonly Counted[],
  counter: number,
  ended: readonly Ended[],
): readonly string[] {
  const problems: string[] = [];
  let silent = 0;
  let before = 0;
  for (const { value, node } of lines) {
    if (value <= before) problems.push(`${node} counted to ${value} after somebody had counted to ${before}`);
    else silent += value - before - 1;
    before = Math.max(before, value);
  }
  if (counter < before) problems.push(`the counter says ${counter}, the journal ${before}`);
  silent += Math.max(0, counter - before);
  if (silent > ended.length)
    problems.push(`${silent} increments are in no journal, and only ${ended.length} nodes were lost`);
  for (const { name, incarnation, doneAt } of ended) {
    const late = lines.find((line) => line.boot === incarnation?.boot && line.at > doneAt);
    if (late !== undefined)
      problems.push(
        `${name} counted to ${late.value} ${late.at - doneAt} ms after the certificate of its end`,
      );
  }
  return problems;
}
