/** HTTP/1.1 over a connection that was checked: one request at a time, everything bounded. */
import { Agent, type IncomingMessage, request } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Millis } from "../../core/ids.ts";
import { type AgentContext, problem, type Result, success } from "../frame/agent.ts";
import { openTls } from "../tls/connect.ts";
import { within } from "../tls/limit.ts";
import type { TlsTarget } from "../tls/target.ts";
import { BODY_BYTES_MAX } from "./limits.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Units: ms for the whole answer. */
  readonly answerMs: Millis;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface HttpClient {
  /** Never rejects. Says nothing of statuses: they are the caller's. */
  send(what: HttpRequest, context: AgentContext): Promise<Result<HttpAnswer>>;
  close(): void;
}

export function createHttpClient(target: TlsTarget): HttpClient {
  let socket: TLSSocket | undefined;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => socket;

  async function connected(context: AgentContext): Promise<Result<TLSSocket>> {
    if (isOpen(socket)) return success(socket);
    const opened = await openTls(target, context);
    if (opened.ok) socket = opened.value;
    return opened;
  }

  async function once(what: HttpRequest, context: AgentContext): Promise<Result<HttpAnswer>> {
    const ready = await connected(context);
    if (!ready.ok) return ready;
    const answer = await within(what.answerMs, context, async (limit) => {
      return (await exchange(what, agent, target, limit.signal)) ?? limit.problem("its answer");
    });
    // What is half said cannot be gone on with.
    if (!answer.ok) ready.value.destroy();
    return answer;
  }

  return {
    async send(what, context) {
      const isReused = isOpen(socket);
      const answer = await once(what, context);
      // The device may have closed it between two requests. All of ours can be said twice.
      return isReused && !answer.ok && answer.problem.kind === "lost" ? once(what, context) : answer;
    },
    close() {
      agent.destroy();
      socket?.destroy();
    },
  };
}

function isOpen(socket: TLSSocket | undefined): socket is TLSSocket {
  return socket !== undefined && !socket.destroyed && socket.writable;
}

/** Undefined: the signal fired first. */
function exchange(
  { method, path, headers, body }: HttpRequest,
  agent: Agent,
  { host, port }: TlsTarget,
  signal: AbortSignal,
): Promise<Result<HttpAnswer> | undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined);
    const name = host.includes(":") ? `[${host}]` : host;
    const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
    const all = { Host: `${name}:${port}`, Accept: "application/json", ...headers, ...length };
    let sent: ReturnType<typeof request>;
    const end = (result: Result<HttpAnswer> | undefined): void => {
      signal.removeEventListener("abort", onAbort);
      resolve(result);
    };
    const onAbort = (): void => {
      end(undefined);
      sent.destroy();
    };
    try {
      sent = request({ agent, method, path, headers: all, host, port });
    } catch {
      // A header or path that HTTP cannot carry; its text may hold the password.
      return end(problem("usage", "the login, the password or a path has characters that HTTP cannot carry"));
    }
    signal.addEventListener("abort", onAbort);
    sent.on("error", (error) => end(broken(error)));
    sent.on("response", (response) => collect(response, end, () => sent.destroy()));
    sent.end(body);
  });
}

function collect(
  response: IncomingMessage,
  end: (result: Result<HttpAnswer>) => void,
  hangUp: () => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) return void chunks.push(chunk);
    end(problem("protocol", `its answer is longer than ${BODY_BYTES_MAX} bytes`));
    hangUp();
  });
  response.on("error", (error) => end(broken(error)));
  response.on("end", () => {
    const { statusCode = 0, complete } = response;
    if (!complete) return end(problem("lost", "it closed the connection in the middle of an answer"));
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value[0] : value,
      ]),
    );
    end(success({ status: statusCode, headers, body: Buffer.concat(chunks).toString("utf8") }));
  });
}

function broken(error: Error & { code?: unknown }): Result<never> {
  const code = typeof error.code === "string" ? error.code : "unknown";
  if (code.startsWith("HPE_")) return problem("protocol", `it does not answer in HTTP (${code})`);
  return problem("lost", `it closed the connection before its answer was complete (${code})`);
}
