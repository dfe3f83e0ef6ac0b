/**
 * The console's server: the daemon's routes and its own, for people and programs from elsewhere. Every
 * request passes the same gates in the same order: rate, who, from our own page, may they, is it valid.
 */
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from "fastify";
import { refusalOf } from "../../adapters/http/problems.ts";
import { problemOf } from "../../api/replies.ts";
import { BODY_BYTES_MAX } from "../../api/requests.ts";
import { NAME_CHARS_MAX } from "../../api/words.ts";
import { ERRORS, type ErrorCode } from "../../core/errors.ts";
import type { Say } from "../say.ts";
import { SECURITY_HEADERS } from "./headers.ts";

/** Connections at once, streams included. */
export const CONNECTIONS_MAX = 1_024;
/** Units: characters. A name of the longest kind with every character percent-encoded (UTF-8). */
const PARAM_CHARS_MAX = NAME_CHARS_MAX * 4 * 3;
/** Units: ms. How long a caller may take to send one request. */
const REQUEST_SENT_MS_MAX = 30_000;
/** Units: characters of an address that is not there, in the answer. */
const URL_CHARS_SHOWN = 200;

export interface BareServerOptions {
  /** Absent: for the shell's socket. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly say: Say;
}

/** A server without routes: limits, headers and errors. */
export function createBareServer({ tls, say }: BareServerOptions): FastifyInstance {
  const onError = (error: Error & { statusCode?: number }, reply: FastifyReply): FastifyReply => {
    const refusal = refusalOf(error, BODY_BYTES_MAX);
    if (refusal !== undefined) return refuse(reply, refusal.code, refusal.detail);
    say("error", "console-internal", `a request failed, a bug: ${error.stack ?? String(error)}`);
    return refuse(reply, "API_INTERNAL", "the console could not work on this request");
  };
  const server = fastify({
    ...(tls === undefined ? {} : { https: { ...tls, minVersion: "TLSv1.2" } }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_SENT_MS_MAX,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    frameworkErrors: (error, _, reply) => void onError(error, reply as FastifyReply),
  }) as unknown as FastifyInstance;
  server.server.maxConnections = CONNECTIONS_MAX;
  server.removeContentTypeParser("text/plain"); // A form of another site can send that without asking.
  server.addHook("onRequest", async (_, reply) => void reply.headers(SECURITY_HEADERS));
  server.setErrorHandler((error: FastifyError, _, reply) => onError(error, reply));
  server.setNotFoundHandler((request: FastifyRequest, reply) =>
    refuse(reply, "REQ_NOT_FOUND", `there is no ${request.method} ${request.url.slice(0, URL_CHARS_SHOWN)}`),
  );
  return server;
}

/** Problem details. Source: RFC 9457. */
export function refuse(reply: FastifyReply, code: ErrorCode, detail: string): FastifyReply {
  const { status } = ERRORS[code];
  const { hint } = problemOf(code, detail);
  const body = { type: `urn:bouncer:error:${code}`, title: hint, status, code, detail, hint };
  reply.headers(SECURITY_HEADERS);
  return reply.code(status).type("application/problem+json").send(JSON.stringify(body));
}
