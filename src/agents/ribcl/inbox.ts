import type { TLSSocket } from "node:tls";
import { problem, type Result, success } from "../frame/agent.ts";
import { firing } from "../tls/limit.ts";
import { parseDocument, type RibclDocument } from "./document.ts";
import { createSplitter } from "./splitter.ts";

/** The documents that a device sends, one after another. One reader at a time. */
export interface Inbox {
  /** The next document; `silence` when the signal fires before one is complete. Never rejects. */
  next(signal: AbortSignal): Promise<Result<RibclDocument> | "silence">;
  /** Begins to count bytes and documents anew. */
  nextExchange(): void;
}

const HTTP = /^\s*HTTP\/1/;

export function createInbox(socket: TLSSocket): Inbox {
  const splitter = createSplitter();
  const waiting: RibclDocument[] = [];
  let ended: Result<never> | undefined;
  let wake = (): void => {};
  let first: string | undefined;

  const end = (result: Result<never>): void => {
    ended ??= result;
    wake();
  };
  socket.on("data", (chunk: Buffer) => {
    if (ended !== undefined) return;
    first ??= chunk.toString("latin1", 0, 16);
    if (HTTP.test(first)) return end(speaksHttp());
    const split = splitter.push(chunk);
    if (!split.ok) return end(problem("protocol", `it ${split.problem}`));
    waiting.push(...split.documents.map(parseDocument));
    wake();
  });
  const onClosed = (): void =>
    end(problem("lost", "it closed the connection before its answer was complete"));
  socket.on("end", onClosed).on("close", onClosed).on("error", onClosed);

  return {
    async next(signal) {
      if (waiting.length === 0 && ended === undefined) {
        const { fired, stop } = firing(signal);
        wake = stop;
        await fired;
      }
      const document = waiting.shift();
      if (document !== undefined) return success(document);
      return ended ?? "silence";
    },
    nextExchange: () => splitter.nextExchange(),
  };
}

function speaksHttp(): Result<never> {
  return problem(
    "unsupported",
    "it answers in HTTP, so it is newer than an iLO 2: use fence_ilo3, fence_ilo4, fence_ilo5 or fence_redfish",
  );
}
