/** OpenAPI 3.1 from the route tables: what is served is what is described. */
import { z } from "zod";
import { roleFor } from "./access.ts";
import { CONSOLE_ROUTES, type ConsoleRoute, OPENAPI_PATH } from "./console-routes.ts";
import { EVENTS_PATH, ROUTES, type Route, TEXTS } from "./routes.ts";

type Json = Readonly<Record<string, unknown>>;

const PROBLEM = {
  description: "refused; `code` is one of docs/errors.md and never changes its meaning",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
} as const;

const Problem = {
  type: "object",
  required: ["type", "title", "status", "code", "detail", "hint"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    hint: { type: "string" },
  },
} as const;

export function openApiOf(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries({ ...ROUTES, ...CONSOLE_ROUTES }) as [string, ConsoleRoute][]) {
    if (route.door === "shell") continue;
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route) };
  }
  paths[EVENTS_PATH] = { get: stream() };
  paths[TEXTS.metrics] = { get: text("metrics", "Prometheus text", "text/plain", "viewer") };
  paths[TEXTS.flight] = { get: text("flight", "the flight record", "application/x-ndjson", "admin") };
  paths[OPENAPI_PATH] = { get: text("openapi", "this document", "application/json", "viewer") };
  return {
    openapi: "3.1.0",
    info: {
      title: "Bouncer",
      version,
      description: "Fence domain of a cluster: status, explanation, history, fencing. See docs/api.md.",
    },
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "__Host-bouncer-PORT" },
        token: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function operation(name: string, route: ConsoleRoute): Json {
  const open = route.door === "anybody";
  const body = schemaOf(route.body, "input");
  return {
    operationId: name,
    summary: route.about,
    "x-role": open ? "anybody" : roleFor(route),
    ...(route.door === "demo" ? { "x-only-in": "demo" } : {}),
    ...(open ? { security: [] } : {}),
    parameters: [...parameters(route.params, "path"), ...parameters(route.query, "query")],
    ...(route.method === "POST"
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: withoutBy(route, body) } },
          },
        }
      : {}),
    responses: {
      "200": {
        description: "done",
        content: { "application/json": { schema: schemaOf(route.reply, "output") } },
      },
      default: PROBLEM,
    },
  };
}

/** Over the network the name of the one who signed in is taken, whatever the body says. */
function withoutBy(_: Route, schema: Json): Json {
  const { required, ...rest } = schema;
  if (!Array.isArray(required)) return schema;
  const others = required.filter((key) => key !== "by");
  return others.length === 0 ? rest : { ...rest, required: others };
}

function parameters(schema: z.ZodType, where: "path" | "query"): Json[] {
  const { properties, required } = schemaOf(schema, "input");
  const needed = Array.isArray(required) ? required : [];
  return Object.entries((properties ?? {}) as Json).map(([name, value]) => ({
    name,
    in: where,
    required: where === "path" || needed.includes(name),
    schema: value,
  }));
}

function stream(): Json {
  return {
    operationId: "events",
    summary: "server-sent events: status, log, gap, pulse",
    "x-role": "viewer",
    parameters: [{ name: "Last-Event-ID", in: "header", required: false, schema: { type: "string" } }],
    responses: {
      "200": { description: "a stream", content: { "text/event-stream": { schema: { type: "string" } } } },
      default: PROBLEM,
    },
  };
}

function text(operationId: string, summary: string, type: string, role: string): Json {
  const content = { [type]: { schema: { type: "string" } } };
  return {
    operationId,
    summary,
    "x-role": role,
    responses: { "200": { description: summary, content }, default: PROBLEM },
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Record<
    string,
    unknown
  >;
  return rest;
}
