/** The console of one node: everything that its process opens, and closes again. */
import { unwatchFile, watchFile } from "node:fs";
import { join } from "node:path";
import type { Server as TlsServer } from "node:tls";
import type { FastifyInstance } from "fastify";
import { claimSocketPath, giveSocketToGroup, SOCKET_UMASK } from "../adapters/http/socket-path.ts";
import { openUnixTransport } from "../adapters/http/unix-client.ts";
import { OPENAPI_PATH } from "../api/console-routes.ts";
import { openApiOf } from "../api/openapi.ts";
import { EVENTS_PATH, TEXTS, type TextName } from "../api/routes.ts";
import { OperationError } from "../core/errors.ts";
import { openAudit } from "./access/audit.ts";
import { COST, type Cost, createPasswords } from "./access/passwords.ts";
import { createPeople } from "./access/people.ts";
import { createSessions } from "./access/sessions.ts";
import { openAccessStore } from "./access/store.ts";
import { createTokens } from "./access/tokens.ts";
import { askDemo } from "./demo-control.ts";
import { type FanOut, openFanOut } from "./events/fan-out.ts";
import { serveStream } from "./events/stream.ts";
import type { Caller } from "./http/caller.ts";
import { loadCertificate, readPair } from "./http/certificate.ts";
import { cookieName } from "./http/cookies.ts";
import { createGates, type Gates } from "./http/gates.ts";
import { SECURITY_HEADERS } from "./http/headers.ts";
import { createOwnHandlers } from "./http/own-routes.ts";
import { loadPages, NOT_BUILT, type PageFile } from "./http/pages.ts";
import { addRoutes } from "./http/routes.ts";
import { createBareServer } from "./http/server.ts";
import type { ConsoleOptions } from "./options.ts";
import type { Say } from "./say.ts";

/** Pages that watch at once. */
const STREAMS_MAX = 768;
/** Units: ms. How often a certificate that is not ours is looked at: it may have been renewed. */
const CERTIFICATE_LOOK_MS = 60_000;
const SHELL: Caller = { user: "root", role: "admin", how: "shell" };

export interface Console {
  /** As a person types it. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Errors: rejects with an OperationError, everything closed again. */
export async function openConsole(options: ConsoleOptions, say: Say, cost: Cost = COST): Promise<Console> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { origin: await build(options, say, cost, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  options: ConsoleOptions,
  say: Say,
  cost: Cost,
  closers: (() => unknown)[],
): Promise<string> {
  const now = Date.now;
  const problem = (text: string): void => say("error", "console-disk", text);
  const claim = await claimSocketPath(options.shellSocket);
  closers.push(claim.close);
  const store = await openAccessStore(join(options.directory, "access.json"), problem);
  closers.push(store.close);
  const audit = await openAudit(join(options.directory, "audit.ndjson"), now, problem);
  closers.push(audit.close);
  const pair = await loadCertificate(options, now);

  const people = createPeople(store, createPasswords(cost), now);
  const sessions = createSessions(store, now);
  const tokens = createTokens(store, now);
  const transport = openUnixTransport(options.daemonSocket);
  const fanOut = openFanOut(transport.events, now);
  closers.push(fanOut.close);

  const { demo } = options;
  let origin = "";
  const serverOf = (cookie: string, kind: "network" | "shell"): FastifyInstance => {
    const gates = createGates({ sessions, tokens, people, cookie, proxy: options.proxy }, now);
    const handlers = createOwnHandlers({
      node: options.node,
      cookie,
      people,
      sessions,
      tokens,
      audit,
      gates,
      origin: () => origin,
      demo: demo === undefined ? undefined : (request) => askDemo(demo, request),
    });
    const server = createBareServer({ say, ...(kind === "network" ? { tls: pair } : {}) });
    const common = { transport, handlers, audit };
    if (kind === "shell") addRoutes(server, { ...common, pass: () => SHELL }, ["shell"]);
    else {
      addRoutes(
        server,
        { ...common, pass: gates.pass },
        demo === undefined ? ["anybody"] : ["anybody", "demo"],
      );
      addTexts(server, gates, transport.perform, options.version);
      addStream(server, gates, fanOut);
      addPages(server, options.pages, say);
    }
    return server;
  };

  const shell = serverOf("", "shell");
  closers.push(() => shell.close());
  const before = process.umask(SOCKET_UMASK);
  await shell.listen({ path: options.shellSocket }).finally(() => process.umask(before));
  giveSocketToGroup(options.shellSocket);

  const network = serverOf(cookieName(options.port), "network");
  closers.push(() => network.close());
  await network.listen({ host: options.host, port: options.port }).catch((error: NodeJS.ErrnoException) => {
    const detail = `cannot listen on ${options.host} port ${options.port}: ${error.message}`;
    throw new OperationError("DMN_SOCKET", detail, { cause: error });
  });
  origin = originOf(options, network);
  closers.push(followCertificate(options, network.server as unknown as TlsServer, say));
  return origin;
}

function originOf({ host, node }: ConsoleOptions, network: FastifyInstance): string {
  const address = network.server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const name = host === "0.0.0.0" || host === "::" ? node : host.includes(":") ? `[${host}]` : host;
  return `https://${name}:${port}/`;
}

function addStream(server: FastifyInstance, gates: Gates, fanOut: FanOut): void {
  server.get(EVENTS_PATH, async (request, reply) => {
    gates.pass(request, { name: "events", role: "viewer", changes: false });
    if (fanOut.readers() >= STREAMS_MAX) {
      throw new OperationError("DMN_BUSY", `${STREAMS_MAX} pages are watching already`);
    }
    const id = request.headers["last-event-id"];
    reply.hijack();
    const from = typeof id === "string" && id !== "" ? id.slice(0, 100) : undefined;
    serveStream(fanOut, from, reply.raw, SECURITY_HEADERS);
  });
}

function addTexts(
  server: FastifyInstance,
  gates: Gates,
  perform: ReturnType<typeof openUnixTransport>["perform"],
  version: string,
): void {
  const document = JSON.stringify(openApiOf(version));
  server.get(OPENAPI_PATH, async (request, reply) => {
    gates.pass(request, { name: "openapi", role: "viewer", changes: false });
    return reply.type("application/json; charset=utf-8").send(document);
  });
  for (const [name, path] of Object.entries(TEXTS) as [TextName, string][]) {
    server.get(path, async (request, reply) => {
      gates.pass(request, { name, role: name === "flight" ? "admin" : "viewer", changes: false });
      const answer = await perform({ method: "GET", path }, {});
      if (answer.status !== 200)
        throw new OperationError("IPC_BAD_REPLY", `bouncerd answered ${answer.status}`);
      return reply.type("text/plain; charset=utf-8").header("cache-control", "no-store").send(answer.body);
    });
  }
}

function addPages(server: FastifyInstance, folder: string, say: Say): void {
  const pages = loadPages(folder);
  if (pages === undefined) {
    say("warn", "console-not-built", `the console's page is not built (${folder}); the API works`);
    server.get("/", async (_, reply) => reply.code(503).type("text/html; charset=utf-8").send(NOT_BUILT));
    return;
  }
  for (const [path, file] of pages) {
    server.get(path, async (request, reply) => {
      reply.header("etag", file.etag).header("vary", "accept-encoding").type(file.type);
      reply.header("cache-control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
      if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
      return reply.send(
        bestOf(file, request.headers["accept-encoding"], (name) => reply.header("content-encoding", name)),
      );
    });
  }
}

function bestOf(file: PageFile, accepts: unknown, onPacked: (name: string) => void): Buffer {
  if (file.packed === undefined || typeof accepts !== "string" || !/\bbr\b/.test(accepts)) return file.plain;
  onPacked("br");
  return file.packed;
}

/** A certificate that was renewed is taken without a restart; a broken one is told, and the old one stays. */
function followCertificate({ tls }: ConsoleOptions, server: TlsServer, say: Say): () => void {
  if (tls === undefined) return () => {};
  const onChange = (): void =>
    void readPair(tls).then(
      (pair) => {
        server.setSecureContext(pair);
        say("info", "console-certificate", `took the certificate ${tls.cert} anew`);
      },
      (error: Error) => say("error", "console-certificate", error.message),
    );
  watchFile(tls.cert, { interval: CERTIFICATE_LOOK_MS, persistent: false }, onChange);
  return () => unwatchFile(tls.cert, onChange);
}
