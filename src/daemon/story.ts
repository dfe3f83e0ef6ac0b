/** The log: one line per view, decision and effect, to standard output and to whoever watches. */
import { pino } from "pino";
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

export function createStory({ level, format, output, onLine }: StoryOptions): Story {
  const json = pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => output.write(line) },
  );
  return {
    say(lineLevel, code, text, node) {
      const line: LogEvent = {
        at: Date.now(),
        level: lineLevel,
        code,
        text,
        ...(node === undefined ? {} : { node }),
      };
      if (format === "json") json[lineLevel]({ code, ...(node === undefined ? {} : { node }) }, text);
      else if (RANK[lineLevel] >= RANK[level]) output.write(formatLine(line));
      if (RANK[lineLevel] >= Math.min(RANK[level], RANK.info)) onLine(line);
    },
  };
}

/** `12:34:56.789 warn  text`: local time, because people compare it with their watch. */
export function formatLine({ at, level, text }: LogEvent): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const oneLine = text.replaceAll(/[\r\n]+/g, " ");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")} ${level.padEnd(5)} ${oneLine}\n`;
}
