/** The HTTP API on the Unix socket: the route table of src/api, nothing else. */
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from "fastify";
import { problemOf } from "../../api/replies.ts";
import { BODY_BYTES_MAX } from "../../api/requests.ts";
import { EVENTS_PATH, ROUTES, type Route, TEXTS } from "../../api/routes.ts";
import { NAME_CHARS_MAX } from "../../api/words.ts";
import { ERRORS, type ErrorCode } from "../../core/errors.ts";
import type { Backend } from "./backend.ts";
import { serveEvents } from "./event-stream.ts";
import { createHandlers } from "./handlers.ts";
import { parseInput, refusalOf } from "./problems.ts";

/** Connections at once, event readers and waiting scripts included. */
export const CONNECTIONS_MAX = 512;
/** Units: characters. A name of the longest kind with every character percent-encoded (UTF-8). */
const PARAM_CHARS_MAX = NAME_CHARS_MAX * 4 * 3;
/** Units: ms. How long a caller may take to send one request. */
const REQUEST_SENT_MS_MAX = 30_000;

export function createServer(backend: Backend): FastifyInstance {
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_SENT_MS_MAX,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    frameworkErrors: (error, _request, reply) => void refuse(backend, error, reply),
  });
  server.server.maxConnections = CONNECTIONS_MAX;
  server.setNotFoundHandler((request, reply) =>
    send(reply, "REQ_NOT_FOUND", `there is no ${request.method} ${request.url.slice(0, 200)}`),
  );
  server.setErrorHandler((error: FastifyError, _request, reply) => refuse(backend, error, reply));

  const handlers = createHandlers(backend);
  for (const [name, route] of Object.entries(ROUTES) as [keyof typeof ROUTES, Route][]) {
    const handler = handlers[name] as (args: unknown) => Promise<unknown>;
    server.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ":$1"),
      bodyLimit: route.bodyBytesMax ?? BODY_BYTES_MAX,
      handler: async (request, reply) => reply.send(await handler(readArguments(route, request, reply))),
    });
  }
  server.get(EVENTS_PATH, (request, reply) => {
    const id = request.headers["last-event-id"];
    reply.hijack();
    serveEvents(backend, typeof id === "string" && id !== "" ? id.slice(0, 100) : undefined, reply.raw);
  });
  server.get(TEXTS.metrics, async (_, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(await backend.metrics()),
  );
  server.get(TEXTS.flight, async (_, reply) =>
    reply.type("application/x-ndjson").send(`${backend.flight().join("\n")}\n`),
  );
  return server;
}

/** Untrusted input becomes typed values here or nowhere. */
function readArguments(route: Route, request: FastifyRequest, reply: FastifyReply) {
  const gone = new AbortController();
  reply.raw.on("close", () => gone.abort());
  return {
    params: parseInput(route.params, request.params ?? {}),
    query: parseInput(route.query, { ...(request.query as object) }),
    body: parseInput(route.body, request.body ?? {}),
    gone: gone.signal,
  };
}

function refuse(backend: Backend, error: Error & { statusCode?: number }, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error, reply.routeOptions.bodyLimit ?? BODY_BYTES_MAX);
  if (refusal !== undefined) return send(reply, refusal.code, refusal.detail);
  backend.onInternalError(error);
  return send(reply, "API_INTERNAL", "bouncerd could not work on this request");
}

function send(reply: FastifyReply, code: ErrorCode, detail: string): FastifyReply {
  return reply.code(ERRORS[code].status).send(problemOf(code, detail));
}
