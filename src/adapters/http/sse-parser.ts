/** Server-sent events, read from chunks of text. Source: WHATWG HTML, section 9.2.6. */
import type { WireEvent } from "../../api/client.ts";
import { OperationError } from "../../core/errors.ts";

/** Units: characters. One event is shorter; more without a blank line is no event stream. */
const EVENT_CHARS_MAX = 16 * 1024 * 1024;

/** Returns a function that takes the next chunk and gives the events that it completes. */
export function createSseParser(): (chunk: string) => WireEvent[] {
  let pending = "";
  return (chunk) => {
    pending += chunk;
    if (pending.length > EVENT_CHARS_MAX) {
      throw new OperationError("IPC_BAD_REPLY", "the event stream has an event without an end");
    }
    const blocks = pending.split(/\r?\n\r?\n/);
    pending = blocks.pop() ?? "";
    return blocks.flatMap(parseBlock);
  };
}

function parseBlock(block: string): WireEvent[] {
  let type = "message";
  let id = "";
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue; // A comment keeps the connection alive and says nothing.
    const value = line.slice(colon + 1).replace(/^ /, "");
    const field = line.slice(0, colon);
    if (field === "event") type = value;
    if (field === "id") id = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? [] : [{ type, id, data: data.join("\n") }];
}
