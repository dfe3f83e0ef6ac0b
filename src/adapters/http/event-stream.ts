/** `GET /v1/events` on one connection. A reader that does not read is cut off, it may come back. */
import type { ServerResponse } from "node:http";
import type { Event } from "../../api/events.ts";
import type { Backend } from "./backend.ts";

/** Units: bytes that may wait for one reader. */
export const READER_BYTES_MAX = 4 * 1024 * 1024;
/** Units: ms. A comment this often tells the reader that the daemon lives. */
const HEARTBEAT_MS = 15_000;

export function serveEvents(
  backend: Backend,
  lastEventId: string | undefined,
  response: ServerResponse,
): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  function put(text: string): void {
    if (response.destroyed) return;
    response.write(text);
    if (response.writableLength <= READER_BYTES_MAX) return;
    backend.onReaderDropped();
    response.destroy();
  }
  const unsubscribe = backend.subscribe(lastEventId, (event) => put(formatEvent(event)));
  const heartbeat = setInterval(() => put(": bouncerd lives\n\n"), HEARTBEAT_MS);
  heartbeat.unref();
  response.on("close", () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}

/** JSON never contains a raw line break: one `data` line is enough. */
export function formatEvent({ type, id, data }: Event): string {
  return `event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
