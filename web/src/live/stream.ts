/** Follows the server's events into the store. The browser resumes with the last id by itself. */
import { Pulse } from "../../../src/api/console.ts";
import { Event } from "../../../src/api/events.ts";
import { EVENTS_PATH } from "../../../src/api/routes.ts";
import { addLine, change, type LogLine } from "./store.ts";

/** A closed stream is opened again by us when the browser gives up. Units: ms. */
const AGAIN_MS = 2_000;
/** A stream that says nothing for so long is dead, whatever the browser thinks. Units: ms. */
const SILENCE_MS = 7_000;

/** `onRefused`: whoever was signed in is not any more. Returns what ends it. */
export function followEvents(onRefused: () => void): () => void {
  let source: EventSource | undefined;
  let again: number | undefined;
  let ended = false;
  let heardAt = performance.now();

  function open(): void {
    source?.close();
    source = new EventSource(EVENTS_PATH);
    source.onopen = () => change(() => ({ connected: true }));
    source.onerror = () => {
      change(() => ({ connected: false }));
      if (source?.readyState === EventSource.CLOSED) retry();
    };
    for (const type of ["status", "log", "gap"]) {
      source.addEventListener(type, (event) => take(type, event as MessageEvent<string>));
    }
    source.addEventListener("pulse", (event) => takePulse((event as MessageEvent<string>).data));
  }

  function retry(): void {
    clearTimeout(again);
    if (ended) return;
    again = window.setTimeout(async () => {
      const state = await fetch("/v1/session").then(
        (reply) => reply.json() as Promise<{ signedIn?: boolean }>,
        () => undefined,
      );
      if (ended) return;
      if (state?.signedIn === false) onRefused();
      else open();
    }, AGAIN_MS);
  }

  function heard(): { readonly heardAt: number; readonly connected: boolean } {
    heardAt = performance.now();
    return { heardAt, connected: true };
  }

  function take(type: string, { lastEventId, data }: MessageEvent<string>): void {
    const parsed = Event.safeParse({ type, id: lastEventId, data: JSON.parse(data) });
    if (!parsed.success) return;
    const event = parsed.data;
    change((old) => {
      if (event.type === "status") return { ...heard(), status: event.data, daemon: "live" };
      if (event.type === "gap") return { ...heard(), gaps: old.gaps + 1 };
      const line: LogLine = { ...event.data, id: event.id };
      return { ...heard(), lines: addLine(old.lines, line) };
    });
  }

  function takePulse(data: string): void {
    const pulse = Pulse.safeParse(JSON.parse(data));
    if (!pulse.success) return;
    const { at, daemon, since } = pulse.data;
    const freshAt = daemon === "live" ? at : since;
    change(() => ({ ...heard(), daemon, freshAt, clockOffset: at - performance.now() }));
  }

  const watching = window.setInterval(() => {
    if (performance.now() - heardAt < SILENCE_MS) return;
    heardAt = performance.now();
    change(() => ({ connected: false }));
    retry();
  }, 1_000);
  open();
  return () => {
    ended = true;
    clearTimeout(again);
    clearInterval(watching);
    source?.close();
  };
}
