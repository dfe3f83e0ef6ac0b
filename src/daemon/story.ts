/** The log: one line per view, decision and effect, to standard output and to whoever watches. */
import type { BoundedOutput } from "../adapters/system/bounded-output.ts";
import type { LogEvent } from "../api/events.ts";

export type LogLevel = LogEvent["level"];
export type LogFormat = "text" | "json";

export interface Story {
  say(level: LogLevel, code: string, text: string, node?: number): void;
}

export interface StoryOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly output: BoundedOutput;
  /** Every line of `info` or above (of `level`, when that is lower), for the event stream. */
  readonly onLine: (line: LogEvent) => void;
}

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

const PINO_LEVEL: Record<LogLevel, number> = { debug: 20, info: 30, warn: 40, error: 50 };

export function createStory({ level, format, output, onLine }: StoryOptions): Story {
  return {
    say(lineLevel, code, text, node) {
      const line: LogEvent = {
        at: Date.now(),
        level: lineLevel,
        code,
        text,
        ...(node === undefined ? {} : { node }),
      };
      if (RANK[lineLevel] >= RANK[level])
        output.write(format === "json" ? formatJson(line) : formatLine(line));
      if (RANK[lineLevel] >= Math.min(RANK[level], RANK.info)) onLine(line);
    },
  };
}

/**
 * One line as pino writes it, so that its tools read our logs. By hand: pino itself takes 10 MB of
 * memory, and its destinations wait for a reader when the process ends.
 */
export function formatJson({ at, level, code, node, text }: LogEvent): string {
  const time = new Date(at).toISOString();
  return `${JSON.stringify({ level: PINO_LEVEL[level], time, pid: process.pid, code, node, msg: text })}\n`;
}

/** `12:34:56.789 warn  text`: local time, because people compare it with their watch. */
export function formatLine({ at, level, text }: LogEvent): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const oneLine = text.replaceAll(/[\r\n]+/g, " ");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")} ${level.padEnd(5)} ${oneLine}\n`;
}
