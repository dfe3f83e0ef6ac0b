/** The console's log: lines of JSON that bouncerd reads and tells in its own. */
import { z } from "zod";
import type { LogEvent } from "../api/events.ts";
import { LogLevel } from "../api/words.ts";

export const SaidLine = z.object({ level: LogLevel, code: z.string().max(64), text: z.string() });
export type Say = (level: LogEvent["level"], code: string, text: string) => void;

/** Units: characters. */
const TEXT_CHARS_MAX = 2_000;

export function createSay(write: (line: string) => void): Say {
  return (level, code, text) =>
    write(
      `${JSON.stringify({ level, code, text: text.replaceAll(/\s+/g, " ").slice(0, TEXT_CHARS_MAX) })}\n`,
    );
}
