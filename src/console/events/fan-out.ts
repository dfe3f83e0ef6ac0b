/**
 * One stream from the daemon, many to the pages. Each event is made into bytes once. A page that comes
 * back gets what it missed; one that does not read loses lines, is told so, and costs nobody anything.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Transport, WireEvent } from "../../api/client.ts";
import { PULSE_EVERY_MS, type Pulse } from "../../api/console.ts";
import { EVENTS_KEPT } from "../../api/events.ts";

/** Units: ms. */
const RECONNECT_MS = 500;

export interface Reader {
  /** False: it has more waiting than it may; try again when it has read. */
  write(bytes: Buffer): boolean;
  isBehind(): boolean;
}

export interface FanOut {
  /** Returns what ends it. `drained` has to be called when the reader has read what waited for it. */
  join(reader: Reader, lastEventId: string | undefined): { leave(): void; drained(): void };
  readers(): number;
  close(): void;
}

interface Place {
  readonly reader: Reader;
  missedLines: boolean;
}

export function openFanOut(events: Transport["events"], now: () => number): FanOut {
  const stop = new AbortController();
  const places = new Set<Place>();
  let lines: { readonly id: string; readonly bytes: Buffer }[] = [];
  let status: Buffer | undefined;
  let lastId = "0"; // Foreign to every run: the daemon sends all lines that it keeps.
  let pulse: Pulse = { at: now(), daemon: "lost", since: now() };

  function tell(place: Place, bytes: Buffer, kind: "line" | "state"): void {
    if (!place.reader.isBehind()) place.reader.write(bytes);
    else if (kind === "line") place.missedLines = true;
  }

  function beat(): void {
    pulse = { ...pulse, at: now() };
    const bytes = frame("pulse", undefined, JSON.stringify(pulse));
    for (const place of places) tell(place, bytes, "state");
  }

  function turn(daemon: Pulse["daemon"]): void {
    if (pulse.daemon === daemon) return;
    pulse = { at: now(), daemon, since: now() };
    beat();
  }

  function take({ type, id, data }: WireEvent): void {
    const bytes = frame(type, id, data);
    if (type !== "gap") lastId = id;
    if (type === "status") status = bytes;
    if (type === "log") {
      lines.push({ id, bytes });
      if (lines.length > EVENTS_KEPT * 2) lines = lines.slice(-EVENTS_KEPT);
    }
    // Lines are missing here if and only if this process was not connected: a new reader need not know.
    if (type === "gap" && lines.length === 0) return;
    for (const place of places) tell(place, bytes, type === "status" ? "state" : "line");
  }

  async function follow(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        for await (const event of events(lastId, { signal: stop.signal })) {
          take(event);
          turn("live");
        }
      } catch {
        // Not reachable: the pulse says so.
      }
      turn("lost");
      await sleep(RECONNECT_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
  }

  const beating = setInterval(beat, PULSE_EVERY_MS);
  void follow();

  return {
    join(reader, id) {
      const place: Place = { reader, missedLines: false };
      const { missed, complete } = missedSince(lines.slice(-EVENTS_KEPT), id);
      if (!complete) reader.write(gap("some lines are older than the ones that are kept"));
      for (const line of missed) reader.write(line.bytes);
      if (status !== undefined) reader.write(status);
      reader.write(frame("pulse", undefined, JSON.stringify({ ...pulse, at: now() })));
      places.add(place);
      return {
        leave: () => void places.delete(place),
        drained() {
          if (place.missedLines) reader.write(gap("this page did not read in time"));
          place.missedLines = false;
          if (status !== undefined) reader.write(status);
        },
      };
    },
    readers: () => places.size,
    close() {
      clearInterval(beating);
      stop.abort();
      places.clear();
    },
  };
}

/** Without an id: all. Ids are `RUN-COUNT`; lines of another run came after those of the reader's. */
export function missedSince<L extends { readonly id: string }>(
  kept: readonly L[],
  id: string | undefined,
): { readonly missed: readonly L[]; readonly complete: boolean } {
  if (id === undefined) return { missed: kept, complete: true };
  const [run, count] = partsOf(id);
  const isLater = (line: L): boolean => {
    const [lineRun, lineCount] = partsOf(line.id);
    return lineRun !== run || lineCount > count;
  };
  const last = kept.findLastIndex((line) => !isLater(line));
  const isOfThisRun = kept.some((line) => partsOf(line.id)[0] === run);
  const missed = isOfThisRun ? kept.slice(last + 1) : kept;
  return { missed, complete: last >= 0 || (isOfThisRun && kept.length < EVENTS_KEPT) };
}

function partsOf(id: string): readonly [run: string, count: number] {
  const at = id.lastIndexOf("-");
  return [id.slice(0, at), Number(id.slice(at + 1))];
}

function gap(why: string): Buffer {
  return frame("gap", undefined, JSON.stringify({ why }));
}

/** Without an id a reader keeps the one that it has. Source: WHATWG HTML, server-sent events. */
function frame(type: string, id: string | undefined, data: string): Buffer {
  return Buffer.from(`event: ${type}\n${id === undefined ? "" : `id: ${id}\n`}data: ${data}\n\n`);
}
