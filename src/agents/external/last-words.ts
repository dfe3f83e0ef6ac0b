import type { ExecOutput, ExecResult } from "../../ports/exec.ts";

/** Lines that say nothing about what went wrong. */
const NOISE: readonly RegExp[] = [
  /Parse error: Ignoring (unknown )?option/i,
  /Please use '-h' for usage/i,
  /^\s*[\^~-]+\s*$/,
];

/**
 * The line by which an agent says what became of it: its last one, complaints first when it failed.
 * Raw text: whoever shows it removes the secrets first.
 */
export function lastWords(result: ExecResult, prefer: "stdout" | "stderr"): string {
  const first = prefer === "stdout" ? result.stdout : result.stderr;
  const second = prefer === "stdout" ? result.stderr : result.stdout;
  return lastLine(first) ?? lastLine(second) ?? "";
}

function lastLine(output: ExecOutput): string | undefined {
  const lines = endOf(output)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "");
  const telling = lines.filter((line) => !NOISE.some((noise) => noise.test(line)));
  return (telling.at(-1) ?? lines.at(-1))?.trim();
}

/**
 * Shape: begins at the beginning of a line. Half of a line could begin in the middle of a password,
 * which nobody would recognise.
 */
function endOf(output: ExecOutput): string {
  if (output.bytesLost === 0) return output.head;
  const lineEnd = output.tail.indexOf("\n");
  return lineEnd < 0 ? "(a very long line)" : output.tail.slice(lineEnd + 1);
}
