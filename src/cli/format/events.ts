/** `bouncer watch` and the progress of other commands: one line per event. */
import type { Event, LogEvent } from "../../api/events.ts";
import type { Paint } from "./paint.ts";
import { clean } from "./text.ts";
import { formatClock } from "./time.ts";

export function formatLogEvent(event: LogEvent, paint: Paint): string {
  const line = `${formatClock(event.at)}  ${event.level.padEnd(5)}  ${clean(event.text)}`;
  if (event.level === "error") return paint.bad(line);
  return event.level === "warn" ? paint.warn(line) : line;
}

/** The verdict without the durations in it: they alone are no news. */
function gist(verdict: string): string {
  return verdict.replace(/\([^)]* (s|min|h|d)\)/g, "");
}

/** The line for one event; absent when it says nothing new. `verdict` is the last one shown. */
export function formatEvent(event: Event, verdict: string | undefined, paint: Paint): string | undefined {
  if (event.type === "log") return formatLogEvent(event.data, paint);
  if (event.type === "gap") return paint.warn(`--------  some lines are lost: ${clean(event.data.why)}`);
  if (verdict !== undefined && gist(event.data.verdict) === gist(verdict)) return undefined;
  const colour = event.data.gate === "open" ? paint.good : paint.hold;
  return colour(`${formatClock(event.data.at)}  ${event.data.gate.padEnd(6)} ${clean(event.data.verdict)}`);
}
