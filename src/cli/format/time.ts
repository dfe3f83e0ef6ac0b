/** Instants and durations for people. Instants are in the local time of whoever reads. */
import type { Millis, WallMillis } from "../../core/ids.ts";

const two = (value: number): string => String(value).padStart(2, "0");

export function formatDay(at: WallMillis): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function formatClock(at: WallMillis): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function formatInstant(at: WallMillis): string {
  return `${formatDay(at)} ${formatClock(at)}`;
}

/** The clock alone for an instant of the reader's day, with the date otherwise. */
export function formatNear(at: WallMillis, now: WallMillis): string {
  return formatDay(at) === formatDay(now) ? formatClock(at) : formatInstant(at);
}

/** Two units at most: `41 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. Clocks that ran back give `0 s`. */
export function formatAge(ms: Millis): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** How long something took: `12 ms`, `0.64 s`, `12.4 s`, then as {@link formatAge}. */
export function formatTook(ms: Millis): string {
  if (ms < 100) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatAge(ms);
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
