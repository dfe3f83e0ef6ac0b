import type { ExecOutput, ExecResult } from "../../ports/exec.ts";

/** Lines taken of one hook's output; how many more there were is said. */
export const HOOK_LINES_MAX = 64;

/** Units: characters of one such line. */
export const HOOK_LINE_LENGTH_MAX = 300;

/** One line for people when a hook did not end well. */
export function failureOf(name: string, result: ExecResult | undefined): string | undefined {
  if (result === undefined) return `${name}: was not run`;
  const last = printedLines(result.stderr).at(-1);
  const why = last === undefined ? "" : `: ${last}`;
  if (result.problem !== undefined) return `${name}: ${result.problem}`;
  if (result.timedOut) return `${name}: did not end in time, ended by us${why}`;
  if (result.cancelled) return `${name}: was ended by us`;
  if (result.signal !== undefined) return `${name}: ended by ${result.signal}${why}`;
  return result.exitCode === 0 ? undefined : `${name}: exit code ${result.exitCode}${why}`;
}

/** Every line that is not empty, without control characters. */
export function printedLines(output: ExecOutput): readonly string[] {
  const lines = (output.head + output.tail)
    .split(/[\r\n]+/)
    .map((line) =>
      line
        .replace(/\t/g, " ")
        .replace(/\p{Cc}|\p{Cf}/gu, "")
        .trim(),
    )
    .filter((line) => line !== "")
    .map((line) => line.slice(0, HOOK_LINE_LENGTH_MAX));
  if (lines.length <= HOOK_LINES_MAX && output.bytesLost === 0) return lines;
  return [
    ...lines.slice(0, HOOK_LINES_MAX),
    `(and more: ${Math.max(0, lines.length - HOOK_LINES_MAX)} lines)`,
  ];
}
