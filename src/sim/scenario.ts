/**
 * `.scn` files: stories as text, each block a command and what it led to. The runner plays the
 * commands and writes today's outputs; a test compares. Source: docs/scenarios.md.
 */
import { parseCommand, perform, type Stage } from "./commands.ts";

interface Line {
  readonly at: number;
  readonly text: string;
  readonly sources: string[];
}

/** Equal lines of several nodes this close together are one line. Units: virtual ms. */
const SAME_MS = 50;

function note(lines: Line[], at: number, source: string, text: string): void {
  const same = lines.find((line) => line.text === text && at - line.at <= SAME_MS && source !== "hw");
  if (same === undefined) lines.push({ at, text, sources: [source] });
  else if (!same.sources.includes(source)) same.sources.push(source);
}

function formatLines(lines: readonly Line[]): string {
  return lines
    .map((l) => `${String(Math.round(l.at)).padStart(6)} ${l.sources.join(",").padEnd(9)} ${l.text}\n`)
    .join("");
}

/** Plays a file: answers the same file with today's outputs. A broken promise is an output too. */
export function playScenario(text: string): string {
  let story: Line[] = [];
  const stage: Stage = {
    world: undefined,
    say: (source, line) => note(story, stage.world?.now() ?? 0, source, line),
  };
  const out: string[] = [];
  for (const block of text.replace(/\n+$/, "\n").split("\n\n")) {
    const lines = block.split("\n");
    const marker = lines.indexOf("----");
    const head = marker < 0 ? lines : lines.slice(0, marker);
    const commands = head.filter((line) => line !== "" && !line.startsWith("#"));
    out.push(...head.filter((line) => line !== ""));
    if (commands.length > 0) {
      story = [];
      let answer = "";
      for (const command of commands) {
        try {
          answer += perform(stage, parseCommand(command));
        } catch (error) {
          answer += `error: ${error instanceof Error ? error.message : String(error)}\n`;
        }
      }
      const result = formatLines(story) + answer;
      out.push("----", (result === "" ? "ok\n" : result).trimEnd());
    }
    out.push("");
  }
  return `${out.join("\n").trimEnd()}\n`;
}
