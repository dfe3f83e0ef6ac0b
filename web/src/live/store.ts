/** What the page knows, and when it heard it. Whole snapshots; nobody changes one but the stream. */
import { useSyncExternalStore } from "react";
import type { LogEvent } from "../../../src/api/events.ts";
import type { StatusView } from "../../../src/core/view/types.ts";

/** Lines that the page keeps. */
const LINES_MAX = 2_000;

export interface LogLine extends LogEvent {
  readonly id: string;
}

export interface Live {
  readonly status?: StatusView;
  readonly lines: readonly LogLine[];
  /** The stream is open. */
  readonly connected: boolean;
  /** What the console says of the daemon behind it. */
  readonly daemon: "live" | "lost";
  /** When anything was heard last. Units: ms of the page's own monotonic clock. */
  readonly heardAt: number;
  /** When the last status or sign of life of the daemon was heard, by the server's wall clock. */
  readonly freshAt: number;
  /** Server's wall clock minus the page's monotonic one. Units: ms. */
  readonly clockOffset: number;
  /** Lines were lost at some point. */
  readonly gaps: number;
}

const EMPTY: Live = {
  lines: [],
  connected: false,
  daemon: "lost",
  heardAt: 0,
  freshAt: 0,
  clockOffset: Date.now() - performance.now(),
  gaps: 0,
};

let live: Live = EMPTY;
const listeners = new Set<() => void>();

export function change(update: (old: Live) => Partial<Live>): void {
  live = { ...live, ...update(live) };
  for (const listener of listeners) listener();
}

export function addLine(lines: readonly LogLine[], line: LogLine): readonly LogLine[] {
  if (lines.some((one) => one.id === line.id)) return lines;
  return [...lines, line].slice(-LINES_MAX);
}

export function forget(): void {
  change(() => EMPTY);
}

export function useLive(): Live {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => live,
  );
}
