import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { type Client, createClient } from "../../api/client.ts";
import type { Event } from "../../api/events.ts";
import { Problem } from "../../api/replies.ts";
import { BODY_BYTES_MAX } from "../../api/requests.ts";
import { ROUTES, type Route } from "../../api/routes.ts";
import { OperationError } from "../../core/errors.ts";
import type { Request } from "../../core/inputs.ts";
import type { StatusView } from "../../core/view/types.ts";
import type { Backend } from "./backend.ts";
import { READER_BYTES_MAX } from "./event-stream.ts";
import { createServer } from "./server.ts";
import { openUnixTransport } from "./unix-client.ts";

const STATUS: StatusView = {
  cluster: "c",
  node: "n1",
  nodeId: 1,
  at: 1,
  verdict: "Storage is held.",
  joined: false,
  gate: "frozen",
  gateSince: 1,
  epoch: 0,
  synced: false,
  quorate: false,
  expelled: false,
  master: 0,
  configVersion: 1,
  evidenceDemand: "C",
  nodes: [],
  victims: [],
  why: [],
  inUse: [],
  warnings: [],
  domain: {
    memberCount: 0,
    victimCount: 0,
    victimNow: 0,
    masterNodeid: 0,
    waitState: "messages",
    members: [],
  },
};

/** A daemon that says yes to everything it understands, and keeps what reached it. */
async function serve(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-http-"));
  const path = join(directory, "s");
  const asked: Request[] = [];
  const bugs: unknown[] = [];
  const listeners = new Set<() => void>();
  const readers = new Set<(event: Event) => void>();
  const view: { status: StatusView; dropped: number } = { status: STATUS, dropped: 0 };
  const backend: Backend = {
    status: () => view.status,
    locks: () => ({ count: 0, resources: [], more: 0 }),
    volumes: async () => ({ node: "tpve01", answers: false, groups: [] }),
    gate: () => ({ gate: view.status.gate, epoch: view.status.epoch }),
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
    config: {
      show: () => ({
        node: "n1",
        at: 1,
        inForce: { version: 1, digest: "d", by: "", at: 1, comment: "" },
        epoch: 1,
        established: true,
        file: { path: "/etc/cluster/cluster.conf", state: "same" },
      }),
      text: async (of) => ({ name: of, digest: "d", text: "<cluster/>" }),
      history: async () => [],
      diff: async (a, b, given) => ({
        a: { name: a },
        b: { name: b },
        same: given === undefined,
        text: given ?? "",
        changes: [],
      }),
      validate: async () => ({ ok: true, problems: [], fixed: [] }),
      stage: async ({ text }) => ({
        type: "staged",
        version: text?.length ?? 0,
        digest: "d",
        epoch: 1,
        raised: true,
        warnings: [],
      }),
      activate: async () => ({ type: "activated", version: 2, digest: "d", epoch: 2 }),
      confirm: async () => ({ type: "confirmed", version: 2, digest: "d", epoch: 2 }),
      discard: async () => {
        throw new OperationError("CFG_NOT_STAGED", "nothing is staged");
      },
    },
    subscribe(_, send) {
      send({ type: "status", id: "r-0", data: view.status });
      readers.add(send);
      return () => readers.delete(send);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    metrics: () => "bouncer_gate_open 0\n",
    flight: () => ['{"type":"boot"}'],
    agents: async () => [{ agent: "fence_ilo4", devices: ["ilo1"], used: "builtin", why: "built in" }],
    readiness: () => ({ node: "n1", intervalMs: 60_000, nodes: [] }),
    onInternalError: (error) => bugs.push(error),
    onReaderDropped: () => view.dropped++,
  };
  const server = createServer(backend);
  await server.listen({ path });
  t.after(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const client: Client = createClient(openUnixTransport(path));
  const change = (status: Partial<StatusView>): void => {
    view.status = { ...view.status, ...status };
    for (const listener of listeners) listener();
  };
  return { path, client, asked, bugs, listeners, readers, view, change };
}

interface Raw {
  readonly status: number;
  readonly body: string;
}

function raw(
  path: string,
  method: string,
  url: string,
  body?: string,
  type = "application/json",
): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-type": type };
    const call = httpRequest({ socketPath: path, method, path: url, agent: false, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    call.on("error", reject);
    call.end(body);
  });
}

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof OperationError && error.code === code;

test("every route answers its own client", async (t) => {
  const { client, asked } = await serve(t);
  assert.equal((await client.status()).verdict, STATUS.verdict);
  assert.equal((await client.why()).since, 1);
  assert.deepEqual(await client.gate(), { gate: "frozen", epoch: 0 });
  assert.deepEqual(await client.history({ limit: 3 }), { incidents: [] });
  assert.deepEqual(await client.join(), { type: "joined" });
  assert.equal((await client.fence({ name: "n1", by: "root" })).outcome, "success");
  assert.equal((await client.unfence({ name: "n1", by: "root" })).outcome, "success");
  await client.ack({
    name: "n1",
    by: "root",
    statement: "I pulled the plug",
    contradict: "the BMC is wrong",
  });
  await client.check({ name: "n1", method: 2 });
  assert.deepEqual(await client.power({ name: "n1" }), { node: "n1", power: "unknown", devices: [] });
  assert.match(await client.text("metrics"), /gate_open 0/);
  assert.match(await client.text("flight"), /boot/);
  assert.deepEqual(asked, [
    { type: "join" },
    { type: "fence", node: 1, by: "root" },
    { type: "unfence", node: 1, by: "root" },
    { type: "ack", node: 1, by: "root", statement: "I pulled the plug", contradict: "the BMC is wrong" },
    { type: "check", node: 1, method: 2 },
    { type: "check", node: 1 },
  ]);
});

test("a word is about the failure that the person was shown, and about no later one", async (t) => {
  const { client, asked, view } = await serve(t);
  const victim = (firstSeenAt: number): StatusView["victims"][number] => ({
    id: 1,
    name: "n1",
    cause: "node-down",
    stage: "stuck",
    reason: "",
    firstSeenAt,
    attempt: 1,
    rounds: 1,
    steps: [],
    evidence: [],
  });
  const word = { name: "n1", by: "root", statement: "I pulled the plug" };
  const refused = { code: "DOM_ACK_CONTRADICTED" };
  view.status = { ...STATUS, victims: [victim(7_000)] };
  await client.ack({ ...word, firstSeenAt: 7_000 });
  await assert.rejects(client.ack({ ...word, firstSeenAt: 5_000, contradict: "certain" }), refused);
  // Asked before there was a victim, answered when there was one.
  await assert.rejects(client.ack({ ...word, firstSeenAt: 0 }), refused);
  // The core says what is to be said of a node that is none.
  view.status = STATUS;
  await client.ack({ ...word, firstSeenAt: 7_000 });
  assert.deepEqual(asked, [
    { type: "ack", node: 1, by: "root", statement: word.statement },
    { type: "ack", node: 1, by: "root", statement: word.statement },
  ]);
});

test("refusals are problems with a code: wrong state, unknown node, unknown route, too much", async (t) => {
  const { client, path } = await serve(t);
  await assert.rejects(client.leave(), refusedWith("DOM_IN_USE"));
  await assert.rejects(client.fence({ name: "n9", by: "root" }), /n1, n2/);
  const table: [string, string, string | undefined, number, string][] = [
    ["GET", "/v2/status", undefined, 404, "REQ_NOT_FOUND"],
    ["DELETE", "/v1/status", undefined, 404, "REQ_NOT_FOUND"],
    ["GET", "/v1/status?x=1", undefined, 400, "REQ_INVALID"],
    ["GET", "/v1/wait?for=war", undefined, 400, "REQ_INVALID"],
    ["GET", "/v1/nodes/%zz/power", undefined, 400, "REQ_INVALID"],
    ["POST", "/v1/join", "{", 400, "REQ_INVALID"],
    ["POST", "/v1/join", '{"x":1}', 400, "REQ_INVALID"],
    ["POST", "/v1/nodes/n1/ack", '{"by":"root","statement":"  "}', 400, "REQ_INVALID"],
    ["POST", "/v1/join", JSON.stringify("x".repeat(BODY_BYTES_MAX)), 413, "REQ_TOO_LARGE"],
  ];
  for (const [method, url, body, status, code] of table) {
    const reply = await raw(path, method, url, body);
    const problem = Problem.parse(JSON.parse(reply.body));
    assert.deepEqual([reply.status, problem.code], [status, code], `${method} ${url}`);
    assert.notEqual(problem.hint, "");
  }
});

test("a wait ends when its condition holds, when its time is over, and when its caller goes", async (t) => {
  const { client, change, listeners } = await serve(t);
  const waiting = client.wait({ for: "open", timeout: 60 });
  while (listeners.size === 0) await new Promise((resolve) => setImmediate(resolve));
  change({ verdict: "not yet" });
  change({ gate: "open" });
  assert.equal((await waiting).status.gate, "open");
  await assert.rejects(client.wait({ for: "joined", timeout: 0 }), refusedWith("DOM_WAIT_TIMEOUT"));
  const caller = new AbortController();
  const gone = client.wait({ for: "joined", timeout: 60 }, { signal: caller.signal });
  while (listeners.size === 0) await new Promise((resolve) => setImmediate(resolve));
  caller.abort();
  await assert.rejects(gone, refusedWith("IPC_UNREACHABLE"));
  while (listeners.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

test("a reader that does not read is cut off at its limit, others go on", async (t) => {
  const { path, readers, view } = await serve(t);
  const lazy = connect(path);
  t.after(() => lazy.destroy());
  lazy.write("GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n");
  lazy.pause();
  while (readers.size === 0) await new Promise((resolve) => setImmediate(resolve));
  const text = "x".repeat(64 * 1024);
  const linesMax = (2 * READER_BYTES_MAX) / text.length;
  for (let count = 0; count < linesMax && view.dropped === 0; count++) {
    for (const send of readers)
      send({ type: "log", id: `r-${count}`, data: { at: 1, level: "info", code: "x", text } });
  }
  assert.equal(view.dropped, 1);
  while (readers.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

test("whatever is sent, the server lives and never blames itself", async (t) => {
  const { path, bugs } = await serve(t);
  const routes = Object.values(ROUTES) as Route[];
  const near = fc.record(
    {
      by: fc.anything(),
      statement: fc.anything(),
      contradict: fc.anything(),
      method: fc.anything(),
      x: fc.anything(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.oneof(fc.constant("n1"), fc.string(), fc.constant("../../etc/passwd")),
      fc.oneof(
        near.map((value) => JSON.stringify(value) ?? ""),
        fc.jsonValue().map((v) => JSON.stringify(v)),
        fc.string(),
      ),
      fc.constantFrom("application/json", "text/plain", "application/x-www-form-urlencoded", "nonsense"),
      fc.dictionary(fc.constantFrom("limit", "before", "for", "timeout", "q"), fc.string()),
      async (route, name, body, type, query) => {
        if (route.path === ROUTES.wait.path) return; // Waits by design.
        const search = new URLSearchParams(query).toString();
        const url = `${route.path.replace("{name}", encodeURIComponent(name))}${search === "" ? "" : `?${search}`}`;
        const reply = await raw(path, route.method, url, route.method === "POST" ? body : undefined, type);
        assert.ok(reply.status < 500, `${route.method} ${url} ${body}: ${reply.status} ${reply.body}`);
        if (reply.status === 200) route.reply.parse(JSON.parse(reply.body));
        else Problem.parse(JSON.parse(reply.body));
      },
    ),
    { numRuns: 300 },
  );
  assert.deepEqual(bugs, []);
});
