/** What the event stream shows: log lines and statuses, with ids, for readers that come and go. */
import { EVENTS_KEPT, type Event, type LogEvent } from "../api/events.ts";
import type { StatusView } from "../core/view/types.ts";

/** Units: ms. Statuses that change faster are shown at this pace, the last one always. */
const STATUS_PACE_MS = 50;

type Plain<E> = E extends unknown ? Omit<E, "id"> : never;

export interface EventHub {
  log(line: LogEvent): void;
  /** The status may have changed. */
  touch(): void;
  /** `send` gets what was missed since `lastEventId`, the status, and then everything new. */
  subscribe(lastEventId: string | undefined, send: (event: Event) => void): () => void;
  close(): void;
}

/** `run` tells one run of the daemon from the next: an id of another run cannot be resumed. */
export function createEventHub(run: string, status: () => StatusView): EventHub {
  let kept: Event[] = [];
  let count = 0;
  let lastStatus = "";
  let timer: NodeJS.Timeout | undefined;
  const readers = new Set<(event: Event) => void>();

  function publish(event: Plain<Event>): void {
    const withId = { ...event, id: `${run}-${++count}` } as Event;
    if (withId.type === "log") {
      kept.push(withId);
      if (kept.length > EVENTS_KEPT * 2) kept = kept.slice(-EVENTS_KEPT);
    }
    for (const send of readers) send(withId);
  }

  function showStatus(): void {
    timer = undefined;
    if (readers.size === 0) return;
    const view = status();
    const text = JSON.stringify({ ...view, at: 0 });
    if (text === lastStatus) return;
    lastStatus = text;
    publish({ type: "status", data: view });
  }

  /** Lines after `lastEventId`; the first element is a gap when some are gone. */
  function missed(lastEventId: string): Event[] {
    const [idRun, idCount] = [lastEventId.slice(0, lastEventId.lastIndexOf("-")), countOf(lastEventId)];
    const gap = (why: string): Event => ({ type: "gap", id: lastEventId, data: { why } });
    if (idRun !== run || !Number.isSafeInteger(idCount)) {
      return [
        gap("bouncerd was restarted since, or the id is not one of its own"),
        ...kept.slice(-EVENTS_KEPT),
      ];
    }
    const later = kept.filter((event) => countOf(event.id) > idCount);
    const complete = kept.length < EVENTS_KEPT || kept.some((event) => countOf(event.id) <= idCount);
    return complete ? later : [gap("the lines are older than the ones that are kept"), ...later];
  }

  return {
    log: (line) => publish({ type: "log", data: line }),
    touch() {
      if (readers.size > 0) timer ??= setTimeout(showStatus, STATUS_PACE_MS);
    },
    subscribe(lastEventId, send) {
      if (lastEventId !== undefined) for (const event of missed(lastEventId)) send(event);
      send({ type: "status", id: `${run}-${count}`, data: status() });
      readers.add(send);
      return () => readers.delete(send);
    },
    close() {
      clearTimeout(timer);
      readers.clear();
    },
  };
}

function countOf(id: string): number {
  return Number(id.slice(id.lastIndexOf("-") + 1));
}
