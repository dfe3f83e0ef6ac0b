/** `GET /v1/events` of one page. */
import type { ServerResponse } from "node:http";
import type { FanOut } from "./fan-out.ts";

/** Units: bytes that may wait for one reader before it loses lines. */
const BEHIND_BYTES = 256 * 1024;
/** Units: ms. A reader that is behind for so long is gone. */
const BEHIND_MS_MAX = 60_000;

export function serveStream(
  fanOut: FanOut,
  lastEventId: string | undefined,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  let limit: NodeJS.Timeout | undefined;
  const place = fanOut.join(
    {
      write(bytes) {
        if (response.destroyed) return false;
        response.write(bytes);
        if (response.writableLength > BEHIND_BYTES)
          limit ??= setTimeout(() => response.destroy(), BEHIND_MS_MAX);
        return response.writableLength <= BEHIND_BYTES;
      },
      isBehind: () => limit !== undefined,
    },
    lastEventId,
  );
  response.on("drain", () => {
    if (limit === undefined) return;
    clearTimeout(limit);
    limit = undefined;
    place.drained();
  });
  response.on("close", () => {
    clearTimeout(limit);
    place.leave();
  });
}
