/** A console in front of a daemon that says yes to everything it understands, and callers of every kind. */
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Backend } from "../../../src/adapters/http/backend.ts";
import { createServer } from "../../../src/adapters/http/server.ts";
import { openUnixTransport } from "../../../src/adapters/http/unix-client.ts";
import type { Role } from "../../../src/api/access.ts";
import { type ConsoleClient, createConsoleClient } from "../../../src/api/client.ts";
import type { Event } from "../../../src/api/events.ts";
import { type Console, openConsole } from "../../../src/console/console.ts";
import type { ConsoleOptions } from "../../../src/console/options.ts";
import { OperationError } from "../../../src/core/errors.ts";
import type { Request } from "../../../src/core/inputs.ts";
import type { StatusView } from "../../../src/core/view/types.ts";
import { AGREEABLE } from "../../golden/cli/fake-config.ts";

export const PASSWORD = "correct horse battery";
export const COOKIE = "__Host-bouncer-0";

export const STATUS: StatusView = {
  cluster: "c",
  node: "n1",
  nodeId: 1,
  at: 1,
  verdict: "Storage is writable.",
  joined: true,
  gate: "open",
  gateSince: 1,
  epoch: 3,
  synced: true,
  quorate: true,
  expelled: false,
  master: 1,
  configVersion: 1,
  evidenceDemand: "C",
  nodes: [],
  victims: [],
  why: [],
  inUse: [],
  warnings: [],
  domain: { memberCount: 1, victimCount: 0, victimNow: 0, masterNodeid: 1, waitState: "none", members: [1] },
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
}

export interface Rig {
  readonly console: Console;
  readonly shell: ConsoleClient;
  /** What reached the daemon's core. */
  readonly asked: Request[];
  /** Errors that were bugs: on either side. */
  readonly bugs: string[];
  readonly directory: string;
  publish(event: Event): void;
  call(call: Call): Promise<Answer>;
  /** Headers of somebody with that role who signed in with a password, at our own page. */
  signedIn(role: Role): Promise<Readonly<Record<string, string>>>;
  stopDaemon(): Promise<void>;
}

/** `backend`: where this daemon answers otherwise than all others here. */
export async function openRig(
  t: TestContext,
  more: Partial<ConsoleOptions> = {},
  backend: Partial<Backend> = {},
): Promise<Rig> {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-console-"));
  const asked: Request[] = [];
  const bugs: string[] = [];
  const readers = new Set<(event: Event) => void>();
  const daemon = createServer({ ...backendOf(asked, bugs, readers), ...backend });
  const daemonSocket = join(directory, "bouncerd.sock");
  await daemon.listen({ path: daemonSocket });
  const opened = await openConsole(
    {
      host: "127.0.0.1",
      port: 0,
      node: "n1",
      version: "0",
      daemonSocket,
      shellSocket: join(directory, "console.sock"),
      directory: join(directory, "console"),
      pages: join(directory, "dist"),
      ...more,
    },
    (level, code, text) => {
      if (level === "error") bugs.push(`${code}: ${text}`);
    },
    { N: 2 ** 14, r: 1, p: 1 },
  );
  t.after(async () => {
    await opened.close();
    await daemon.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const shell = createConsoleClient(openUnixTransport(join(directory, "console.sock")));
  const { port } = new URL(opened.origin);
  const call = (one: Call): Promise<Answer> => send(Number(port), one);
  return {
    console: opened,
    shell,
    asked,
    bugs,
    directory,
    call,
    publish: (event) => {
      for (const send of readers) send(event);
    },
    stopDaemon: () => daemon.close(),
    async signedIn(role) {
      const { users } = await shell.users();
      if (!users.some((user) => user.name === role)) {
        await shell.userAdd({ name: role, role, password: PASSWORD });
      }
      const own = { "sec-fetch-site": "same-origin" };
      const body = { user: role, password: PASSWORD };
      const reply = await call({ method: "POST", path: "/v1/session/password", headers: own, body });
      const cookie = String(reply.headers["set-cookie"]).split(";")[0] ?? "";
      return { ...own, cookie };
    },
  };
}

function backendOf(asked: Request[], bugs: string[], readers: Set<(event: Event) => void>): Backend {
  return {
    status: () => STATUS,
    locks: () => ({ count: 0, resources: [], more: 0 }),
    volumes: async () => ({ node: "tpve01", answers: false, groups: [] }),
    gate: () => ({ gate: "open", epoch: 3 }),
    async ask(request) {
      asked.push(request);
      if (request.type === "leave") throw new OperationError("DOM_IN_USE", "vm 100 runs");
      if (request.type === "join") return { type: "joined" };
      if (request.type === "ack") return { type: "acknowledged", victimsLeft: [] };
      if (request.type === "check") return { type: "checked", devices: [] };
      return { type: request.type === "fence" ? "fenced" : "unfenced", outcome: "success", steps: [] };
    },
    findNode: (name) => (name === "n1" ? { id: 1, name } : undefined),
    nodeNames: () => ["n1", "n2"],
    history: async () => ({ incidents: [] }),
    config: AGREEABLE,
    subscribe(_, send) {
      send({ type: "status", id: "run-0", data: STATUS });
      readers.add(send);
      return () => readers.delete(send);
    },
    onChange: () => () => {},
    metrics: () => "bouncer_gate_open 1\n",
    flight: () => ["{}"],
    agents: async () => [],
    readiness: () => ({ node: "n1", intervalMs: 60_000, nodes: [] }),
    onInternalError: (error) => void bugs.push(String(error)),
    onReaderDropped: () => {},
  };
}

/** The path goes out as it is written: no client of ours tidies it up. */
function send(port: number, { method = "GET", path, headers = {}, body }: Call): Promise<Answer> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const own: Record<string, string> =
    text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        headers: { ...own, ...headers },
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        let all = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          all += chunk;
        });
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: all,
            json: parsed(all),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(text);
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
