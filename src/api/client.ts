/** The typed client: the route table over any transport. Pure: the transport does the talking. */
import type { z } from "zod";
import { OperationError } from "../core/errors.ts";
import { CONSOLE_ROUTES, type ConsoleRouteName } from "./console-routes.ts";
import { Event } from "./events.ts";
import { Problem } from "./replies.ts";
import { ROUTES, type Route, type RouteName, TEXTS, type TextName } from "./routes.ts";

export interface WireRequest {
  readonly method: "GET" | "POST";
  /** With the query, percent-encoded. */
  readonly path: string;
  /** JSON text; absent for GET. */
  readonly body?: string;
}

export interface WireReply {
  readonly status: number;
  readonly body: string;
}

export interface WireEvent {
  readonly type: string;
  readonly id: string;
  readonly data: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the answer; absent: the transport's default. Units: ms. */
  readonly timeoutMs?: number;
}

/**
 * Errors: rejects with `OperationError("IPC_UNREACHABLE")` when nobody answers, and with
 * `IPC_BAD_REPLY` when what answers does not speak our language.
 */
export interface Transport {
  perform(request: WireRequest, options: CallOptions): Promise<WireReply>;
  /** Ends when the daemon closes the stream or `signal` fires; rejects as `perform` does. */
  events(lastEventId: string | undefined, options: CallOptions): AsyncIterable<WireEvent>;
}

type Routes = typeof ROUTES;
/** The keys of an object schema; the empty one would otherwise forbid all keys. */
type Keys<S extends z.ZodType> = z.input<S> extends Record<string, never> ? unknown : z.input<S>;
type Arguments<R extends Route> = Keys<R["params"]> & Keys<R["query"]> & Keys<R["body"]>;
export type Call<R extends Route> =
  Record<never, never> extends Arguments<R>
    ? (args?: Arguments<R>, options?: CallOptions) => Promise<z.output<R["reply"]>>
    : (args: Arguments<R>, options?: CallOptions) => Promise<z.output<R["reply"]>>;

/**
 * One method per route: `client.ack({ name: "tpve03", by: "root", statement: "I pulled the plug" })`.
 * Parameters, query and body are one flat object; the schemas say what goes where.
 *
 * Errors: every refusal of the daemon is an `OperationError` with the daemon's code and detail.
 */
export type Client = { readonly [Name in RouteName]: Call<Routes[Name]> } & {
  events(lastEventId?: string, options?: CallOptions): AsyncIterable<Event>;
  text(name: TextName, options?: CallOptions): Promise<string>;
};

/** The routes of any table as functions. */
export function callsOf<T extends Readonly<Record<string, Route>>>(
  transport: Transport,
  table: T,
): { readonly [Name in keyof T]: Call<T[Name]> } {
  const calls = Object.entries(table).map(([name, route]) => [
    name,
    (args: Record<string, unknown> = {}, options: CallOptions = {}) => call(transport, route, args, options),
  ]);
  return Object.fromEntries(calls);
}

/** The console's own routes: on its socket beside the daemon's, or over HTTPS. */
export type ConsoleClient = { readonly [Name in ConsoleRouteName]: Call<(typeof CONSOLE_ROUTES)[Name]> };

export function createConsoleClient(transport: Transport): ConsoleClient {
  return callsOf(transport, CONSOLE_ROUTES);
}

export function createClient(transport: Transport): Client {
  const calls = callsOf(transport, ROUTES);
  const events = async function* (lastEventId?: string, options: CallOptions = {}) {
    for await (const event of transport.events(lastEventId, options)) {
      const parsed = Event.safeParse({ type: event.type, id: event.id, data: parseJson(event.data) });
      if (parsed.success) yield parsed.data; // Kinds that this client does not know yet are skipped.
    }
  };
  const text = async (name: TextName, options: CallOptions = {}) => {
    const reply = await transport.perform({ method: "GET", path: TEXTS[name] }, options);
    if (reply.status === 200) return reply.body;
    throw refusal(TEXTS[name], reply);
  };
  return { ...calls, events, text } as unknown as Client;
}

async function call(
  transport: Transport,
  route: Route,
  args: Record<string, unknown>,
  options: CallOptions,
): Promise<unknown> {
  const reply = await transport.perform(wireRequest(route, args), { timeoutMs: route.timeoutMs, ...options });
  if (reply.status !== 200) throw refusal(route.path, reply);
  const parsed = route.reply.safeParse(parseJson(reply.body));
  if (parsed.success) return parsed.data;
  throw new OperationError("IPC_BAD_REPLY", `bouncerd answered ${route.path} with something unexpected`);
}

function refusal(path: string, reply: WireReply): OperationError {
  const problem = Problem.safeParse(parseJson(reply.body));
  if (problem.success) return new OperationError(problem.data.code, problem.data.detail);
  return new OperationError("IPC_BAD_REPLY", `bouncerd answered ${path} with status ${reply.status}`);
}

/** Where each argument goes: `{name}` into the path, the rest into the query (GET) or body (POST). */
export function wireRequest(route: Route, args: Record<string, unknown>): WireRequest {
  const rest = { ...args };
  const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = rest[key];
    delete rest[key];
    return encodeURIComponent(String(value));
  });
  if (route.method === "POST") return { method: "POST", path, body: JSON.stringify(rest) };
  const query = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    .join("&");
  return { method: "GET", path: query === "" ? path : `${path}?${query}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
