/** Hangs the tables on a server: the daemon's routes are passed on, the console's own are answered here. */
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseInput } from "../../adapters/http/problems.ts";
import { roleFor } from "../../api/access.ts";
import { type Transport, wireRequest } from "../../api/client.ts";
import { CONSOLE_ROUTES, type ConsoleRoute, type ConsoleRouteName } from "../../api/console-routes.ts";
import { Problem } from "../../api/replies.ts";
import { ROUTES, type Route } from "../../api/routes.ts";
import { OperationError } from "../../core/errors.ts";
import type { Audit } from "../access/audit.ts";
import type { Caller } from "./caller.ts";
import { addressOf, type Need } from "./gates.ts";
import type { OwnHandlers } from "./own-routes.ts";
import { createShare } from "./share.ts";

export interface RouteParts {
  readonly transport: Transport;
  readonly handlers: OwnHandlers;
  readonly audit: Pick<Audit, "begin">;
  /** Who asks, or a refusal; the shell's server says that it is the shell. */
  readonly pass: (request: FastifyRequest, need: Need) => Caller | undefined;
}

interface Input {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** What every open page asks for again and again; nothing in these answers depends on who asks. */
const POLLED = ["readiness", "locks"];
/** Units: ms. */
const SHARED_MS = 250;

/** `doors`: the special doors of this server, beside what is for those who are signed in. */
export function addRoutes(
  server: FastifyInstance,
  parts: RouteParts,
  doors: readonly NonNullable<ConsoleRoute["door"]>[],
): void {
  const share = createShare<string>(SHARED_MS, Date.now);
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    addRoute(server, parts, { name, route }, async (input, { request, reply }) => {
      if (!POLLED.includes(name)) return passOn(parts.transport, route, input, request, reply.raw);
      return share.get(name, () => passOn(parts.transport, route, input, request));
    });
  }
  for (const [name, route] of Object.entries(CONSOLE_ROUTES) as [ConsoleRouteName, ConsoleRoute][]) {
    if (route.door !== undefined && !doors.includes(route.door)) continue;
    const handler = parts.handlers[name] as (args: unknown) => Promise<unknown>;
    addRoute(server, parts, { name, route }, async (input, context) => handler({ ...input, ...context }));
  }
}

interface Context {
  readonly caller: Caller | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function addRoute(
  server: FastifyInstance,
  { pass, audit }: Pick<RouteParts, "pass" | "audit">,
  { name, route }: { readonly name: string; readonly route: ConsoleRoute },
  answer: (input: Input, context: Context) => Promise<unknown>,
): void {
  const changes = route.method === "POST";
  const need: Need = { name, changes, role: route.door === "anybody" ? "anybody" : roleFor(route) };
  server.route({
    method: route.method,
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    url: route.path.replace(/\{(\w+)\}/g, ":$1"),
    // Before the body is read: whoever may not ask cannot make us parse.
    onRequest: async (request) => {
      const onForbidden = (caller: Caller): void =>
        audit.begin(auditOf(name, request, caller))({ result: "refused", code: "API_FORBIDDEN" });
      callers.set(request, pass(request, changes ? { ...need, onForbidden } : need));
    },
    handler: async (request, reply) => {
      const caller = callers.get(request);
      const end =
        changes && route.changes !== "nothing" ? audit.begin(auditOf(name, request, caller)) : undefined;
      try {
        const input = {
          params: parseInput(route.params, request.params ?? {}),
          query: parseInput(route.query, { ...(request.query as object) }),
          body: parseInput(route.body, named(route, request.body ?? {}, caller)),
        };
        const result = await answer(input, { caller, request, reply });
        end?.({ result: "done" });
        return sendJson(request, reply, typeof result === "string" ? result : JSON.stringify(result));
      } catch (error) {
        const code = error instanceof OperationError ? error.code : "API_INTERNAL";
        end?.({ result: code === "API_INTERNAL" ? "failed" : "refused", code });
        throw error;
      }
    },
  });
}

const callers = new WeakMap<FastifyRequest, Caller | undefined>();

/** Whoever signed in is the one who does it, whatever the body says. */
function named(route: Route, body: unknown, caller: Caller | undefined): unknown {
  const takesName = "by" in ((route.body as { shape?: object }).shape ?? {});
  if (!takesName || caller === undefined || typeof body !== "object" || body === null) return body;
  if (caller.how === "shell") return body;
  return { ...body, by: caller.user };
}

function auditOf(name: string, request: FastifyRequest, caller: Caller | undefined) {
  const body = typeof request.body === "object" && request.body !== null ? request.body : {};
  const { user: claimed, by } = body as { user?: unknown; by?: unknown };
  const attempt = typeof claimed === "string" ? claimed.slice(0, 64) : "nobody";
  const shell = caller?.how === "shell" && typeof by === "string" ? by.slice(0, 64) : undefined;
  return {
    who: shell ?? caller?.user ?? attempt,
    ...(caller === undefined ? {} : { role: caller.role, how: caller.how }),
    from: caller?.how === "shell" ? "shell" : addressOf(request),
    what: name,
    args: { ...(request.params as object), ...body },
  };
}

/** The daemon's own answer, byte for byte; its refusals as what they are. Given up when `caller` goes. */
async function passOn(
  transport: Transport,
  route: Route,
  { params, query, body }: Input,
  request: FastifyRequest,
  caller?: ServerResponse,
): Promise<string> {
  const gone = new AbortController();
  caller?.on("close", () => gone.abort());
  const args = { ...(params as object), ...(query as object), ...(body as object) };
  const answer = await transport.perform(wireRequest(route, args), {
    timeoutMs: route.timeoutMs,
    signal: gone.signal,
  });
  if (answer.status === 200) return answer.body;
  const problem = Problem.safeParse(parseJson(answer.body));
  if (problem.success) throw new OperationError(problem.data.code, problem.data.detail);
  throw new OperationError(
    "IPC_BAD_REPLY",
    `bouncerd answered ${request.url.slice(0, 100)} with ${answer.status}`,
  );
}

function sendJson(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  reply.type("application/json; charset=utf-8").header("cache-control", "no-store");
  if (request.method !== "GET") return reply.send(text);
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  reply.header("etag", etag);
  return request.headers["if-none-match"] === etag ? reply.code(304).send() : reply.send(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
