/** `bouncer watch` and the progress of other commands: one line per event. */
import type { Event, LogEvent } from "../../api/events.ts";
import type { StatusView } from "../../core/view/types.ts";
import type { Paint } from "./paint.ts";
import { clean } from "./text.ts";
import { formatClock } from "./time.ts";

export function formatLogEvent(event: LogEvent, paint: Paint): string {
  const line = `${formatClock(event.at)}  ${event.level.padEnd(5)}  ${clean(event.text)}`;
  if (event.level === "error") return paint.bad(line);
  return event.level === "warn" ? paint.warn(line) : line;
}

/** What must change for a status to be news: the lines of the story tell the rest. */
export function newsOf(status: StatusView): string {
  return [status.gate, ...status.why.map((cause) => `${cause.code} ${cause.node ?? ""}`)].join("\n");
}

/** The line for one event; absent when it says nothing new. `news` is that of the last status. */
export function formatEvent(event: Event, news: string | undefined, paint: Paint): string | undefined {
  if (event.type === "log") return formatLogEvent(event.data, paint);
  if (event.type === "gap") return paint.warn(`--------  some lines are lost: ${clean(event.data.why)}`);
  if (newsOf(event.data) === news) return undefined;
  const colour = event.data.gate === "open" ? paint.good : paint.hold;
  return colour(`${formatClock(event.data.at)}  ${event.data.gate.padEnd(6)} ${clean(event.data.verdict)}`);
}
