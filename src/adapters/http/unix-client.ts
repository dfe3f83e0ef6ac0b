/** The transport of {@link createClient} over the daemon's Unix socket. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { CallOptions, Transport, WireEvent, WireReply, WireRequest } from "../../api/client.ts";
import { EVENTS_PATH } from "../../api/routes.ts";
import { OperationError } from "../../core/errors.ts";
import { createSseParser } from "./sse-parser.ts";

/** Units: bytes. An answer above it is refused: nothing of ours is as long. */
const REPLY_BYTES_MAX = 64 * 1024 * 1024;
/** Units: ms. For requests that name no limit of their own. */
const TIMEOUT_MS_DEFAULT = 30_000;
/** Units: ms. An event stream sends a comment every 15 s; a silent one is dead. */
const STREAM_SILENCE_MS = 45_000;

export function openUnixTransport(socketPath: string): Transport {
  return {
    async perform(request, options) {
      const timeoutMs = options.timeoutMs ?? TIMEOUT_MS_DEFAULT;
      const limit = AbortSignal.timeout(timeoutMs);
      const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
      try {
        const response = await send(socketPath, request, {}, signal);
        return { status: response.statusCode ?? 0, body: await readAll(response) };
      } catch (error) {
        if (limit.aborted) {
          throw new OperationError(
            "IPC_UNREACHABLE",
            `bouncerd took the request but did not answer within ${timeoutMs / 1000} s`,
            { cause: error },
          );
        }
        throw unreachable(socketPath, error);
      }
    },
    events: (lastEventId, options) => streamEvents(socketPath, lastEventId, options),
  };
}

async function* streamEvents(
  socketPath: string,
  lastEventId: string | undefined,
  options: CallOptions,
): AsyncIterable<WireEvent> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (lastEventId !== undefined) headers["last-event-id"] = lastEventId;
  let response: IncomingMessage;
  try {
    response = await send(socketPath, { method: "GET", path: EVENTS_PATH }, headers, options.signal);
  } catch (error) {
    throw unreachable(socketPath, error);
  }
  if (response.statusCode !== 200) {
    response.destroy();
    throw new OperationError("IPC_BAD_REPLY", `bouncerd answered ${EVENTS_PATH} with ${response.statusCode}`);
  }
  response.setEncoding("utf8");
  response.setTimeout(STREAM_SILENCE_MS, () => response.destroy());
  const parse = createSseParser();
  try {
    for await (const chunk of response) yield* parse(String(chunk));
  } catch (error) {
    if (options.signal?.aborted === true) return;
    throw unreachable(socketPath, error);
  } finally {
    response.destroy();
  }
}

function send(
  socketPath: string,
  request: WireRequest,
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, method: request.method, path: request.path, agent: false as const };
    const bodyHeaders: Record<string, string | number> =
      request.body === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(request.body) };
    const call: ClientRequest = httpRequest(
      { ...options, headers: { ...headers, ...bodyHeaders }, ...(signal === undefined ? {} : { signal }) },
      resolve,
    );
    call.on("error", reject);
    call.end(request.body);
  });
}

async function readAll(response: IncomingMessage): Promise<WireReply["body"]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > REPLY_BYTES_MAX) {
      response.destroy();
      throw new OperationError("IPC_BAD_REPLY", `the answer is longer than ${REPLY_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unreachable(socketPath: string, error: unknown): Error {
  if (error instanceof OperationError) return error;
  return new OperationError("IPC_UNREACHABLE", `cannot reach bouncerd at ${socketPath}: ${reason(error)}`, {
    cause: error,
  });
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such socket";
  if (code === "ECONNREFUSED") return "nobody listens there";
  if (code === "EACCES") return "permission denied (run it as root, or join the group bouncer)";
  if (code === "ECONNRESET") return "the connection was closed before the answer came";
  return error instanceof Error ? error.message : String(error);
}
