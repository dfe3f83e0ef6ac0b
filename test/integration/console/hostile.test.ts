import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { Problem } from "../../../src/api/replies.ts";
import { BODY_BYTES_MAX } from "../../../src/api/requests.ts";
import { openRig } from "./rig.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}
interface Schema {
  readonly properties?: Record<string, unknown>;
}

/** From the served document: nearly right bodies, whose single values are anything. */
function bodies(operation: Operation): fc.Arbitrary<unknown> {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const keys = Object.keys(schema?.properties ?? {});
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.jsonValue(),
    fc.integer(),
    fc.constantFrom(
      "n1",
      "operator",
      "admin",
      "__proto__",
      "<script>alert(1)</script>",
      "\u0000",
      "../../etc/passwd",
    ),
  );
  const near = fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
  return fc.oneof(near, fc.jsonValue(), fc.constant('{"__proto__":{"role":"admin"}}'), fc.constant("{"));
}

test("whatever comes to whichever route of the document, the answer is one of ours", async (t) => {
  const rig = await openRig(t);
  const { secret } = await rig.shell.tokenAdd({ name: "fuzz", role: "admin", days: 1 });
  const headers = { authorization: `Bearer ${secret}` };
  const document = (await rig.call({ path: "/v1/openapi.json", headers })).json as {
    paths: Record<string, Record<string, Operation>>;
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  assert.ok(operations.length > 25);
  const quick = operations.filter(({ operation }) => !["events", "wait"].includes(operation.operationId));
  for (const { path, method, operation } of quick) {
    const part = fc.oneof(
      fc.constantFrom("n1", "n2", "..", "%2e%2e", "a/b"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 300 }),
    );
    const query = fc.array(
      fc.tuple(fc.constantFrom("limit", "before", "for", "x", "__proto__"), fc.string()),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(part, query, bodies(operation), async (name, pairs, body) => {
        const filled = path.replace(/\{\w+\}/g, encodeURIComponent(name.toWellFormed()));
        const search = pairs
          .map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`)
          .join("&");
        const reply = await rig.call({
          method,
          path: search === "" ? filled : `${filled}?${search}`,
          headers,
          ...(method === "POST" ? { body } : {}),
        });
        if (reply.status === 200) return;
        const problem = Problem.safeParse(reply.json);
        assert.ok(problem.success, `${method} ${filled}: ${reply.status} ${reply.text}`);
        assert.notEqual(problem.data.code, "API_INTERNAL");
        assert.equal(reply.headers["content-type"], "application/problem+json; charset=utf-8");
      }),
      { numRuns: 12, interruptAfterTimeLimit: 5_000 },
    );
  }
  assert.deepEqual(rig.bugs, []);
});

test("no path leads out of the page's folder", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-pages-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const pages = join(directory, "dist");
  mkdirSync(join(pages, "assets"), { recursive: true });
  writeFileSync(join(pages, "index.html"), "<!doctype html>the page");
  writeFileSync(join(pages, "assets", "app.js"), "1");
  writeFileSync(join(directory, "secret.json"), '"secret"');
  const rig = await openRig(t, { pages });
  assert.match((await rig.call({ path: "/" })).text, /the page/);
  assert.equal((await rig.call({ path: "/assets/app.js" })).status, 200);
  for (const path of [
    "/../secret.json",
    "/assets/../../secret.json",
    "/%2e%2e/secret.json",
    "/..%2fsecret.json",
    "/assets/..%5c..%5csecret.json",
    "//secret.json",
    "/./../secret.json",
    "/assets/%00app.js",
    "/index.html/../../secret.json",
    "/assets",
    "/access.json",
  ]) {
    const reply = await rig.call({ path });
    assert.ok([400, 404].includes(reply.status), `${path}: ${reply.status}`);
    assert.doesNotMatch(reply.text, /"secret"$/);
  }
});

test("every answer forbids what is foreign and inline", async (t) => {
  const rig = await openRig(t);
  for (const path of ["/", "/v1/status", "/v1/nothing", "/%zz"]) {
    const { headers } = await rig.call({ path });
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
  }
});

test("a request that is too large or too many is refused, and others go on", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("operator");
  const body = { statement: "x".repeat(BODY_BYTES_MAX) };
  const large = await rig.call({ method: "POST", path: "/v1/nodes/n1/ack", headers, body });
  assert.equal(large.json["code"], "REQ_TOO_LARGE");
  // Connections are kept: a slow machine must ask more often than 50 times a second, too.
  const agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false });
  t.after(() => agent.destroy());
  const statusOf = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(`${rig.console.origin}v1/gate`, { agent, headers }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      }).on("error", reject);
    });
  const statuses = new Set<number | undefined>();
  for (let asked = 0; asked < 5_000 && !statuses.has(429); asked += 50) {
    for (const status of await Promise.all(Array.from({ length: 50 }, statusOf))) statuses.add(status);
  }
  assert.deepEqual([...statuses].sort(), [200, 429]);
  assert.equal((await rig.shell.users()).users.length, 1);
});

test("what people and agents write comes back as text of a JSON document, never as a page", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("admin");
  const body = { name: "<img src=x onerror=alert(1)>", role: "viewer", days: 1 };
  await rig.call({ method: "POST", path: "/v1/tokens", headers, body });
  const reply = await rig.call({ path: "/v1/tokens", headers });
  assert.match(String(reply.headers["content-type"]), /^application\/json/);
  assert.equal(reply.headers["x-content-type-options"], "nosniff");
});
