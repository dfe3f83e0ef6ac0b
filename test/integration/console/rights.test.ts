import assert from "node:assert/strict";
import { test } from "node:test";
import { roleFor } from "../../../src/api/access.ts";
import { CONSOLE_ROUTES, type ConsoleRoute } from "../../../src/api/console-routes.ts";
import { EVENTS_PATH, ROUTES, TEXTS } from "../../../src/api/routes.ts";
import { openRig } from "./rig.ts";

const ALL = Object.entries({ ...ROUTES, ...CONSOLE_ROUTES }) as [string, ConsoleRoute][];
/** What every viewer may change: nothing but themselves. */
const OWN = ["signOut", "ownPassword"];

/** Any values: whoever may not ask is refused before they are looked at. */
function pathOf(route: ConsoleRoute): string {
  return route.path.replace(/\{\w+\}/g, "n1");
}

test("every route is refused to whoever has not signed in", async (t) => {
  const rig = await openRig(t);
  for (const [name, route] of ALL.filter(([, { door }]) => door === undefined)) {
    const headers = { "sec-fetch-site": "same-origin" };
    const reply = await rig.call({ method: route.method, path: pathOf(route), headers, ...bodyOf(route) });
    assert.equal(reply.status, 401, name);
    assert.equal(reply.json["code"], "API_NOT_SIGNED_IN", name);
  }
  for (const path of [EVENTS_PATH, ...Object.values(TEXTS), "/v1/openapi.json"]) {
    assert.equal((await rig.call({ path })).status, 401, path);
  }
  assert.deepEqual(rig.asked, []);
});

test("a viewer gets 403 on every route that changes something", async (t) => {
  const rig = await openRig(t, { demo: "/nowhere" });
  const headers = await rig.signedIn("viewer");
  const changing = ALL.filter(
    ([name, { method, door }]) => method === "POST" && !OWN.includes(name) && door !== "anybody",
  );
  assert.ok(changing.length > 10);
  for (const [name, route] of changing.filter(([, { door }]) => door !== "shell")) {
    const reply = await rig.call({ method: "POST", path: pathOf(route), headers, body: {} });
    assert.equal(reply.status, 403, name);
    assert.equal(reply.json["code"], "API_FORBIDDEN", name);
  }
  assert.deepEqual(rig.asked, []);
  const { records } = await rig.shell.audit({ limit: 100 });
  const refused = records.filter(({ who, code }) => who === "viewer" && code === "API_FORBIDDEN");
  assert.equal(refused.length, changing.filter(([, { door }]) => door !== "shell").length);
});

test("an operator fences and acknowledges, and does not touch people, tokens or the configuration", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("operator");
  const changing = ALL.filter(
    ([name, { method, door }]) => method === "POST" && !OWN.includes(name) && door === undefined,
  );
  for (const [name, route] of changing) {
    const reply = await rig.call({ method: "POST", path: pathOf(route), headers, body: {} });
    const may = roleFor(route) !== "admin";
    assert.equal(reply.status === 403, !may, `${name}: ${reply.status}`);
  }
  assert.equal((await rig.call({ path: "/v1/audit", headers })).status, 403);
});

test("what is for the shell is not there over the network, nor the demo where none runs", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("admin");
  for (const path of ["/v1/links", "/v1/demo"]) {
    assert.equal((await rig.call({ method: "POST", path, headers, body: {} })).status, 404, path);
  }
});

test("whoever signed in is the one who did it, whatever the request says", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("operator");
  const body = { by: "somebody else", statement: "I pulled the plug" };
  const reply = await rig.call({ method: "POST", path: "/v1/nodes/n1/ack", headers, body });
  assert.equal(reply.status, 200);
  assert.deepEqual(rig.asked, [{ type: "ack", node: 1, by: "operator", statement: "I pulled the plug" }]);
  const [record] = (await rig.shell.audit({ limit: 1 })).records;
  const { who, from, what, result, how } = record ?? {};
  assert.deepEqual(
    { who, from, what, result, how },
    {
      who: "operator",
      from: "127.0.0.1",
      what: "ack",
      result: "done",
      how: "password",
    },
  );
});

test("what is done is in the audit record, what is only looked at is not", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("operator");
  const signedInOnly = (await rig.shell.audit({ limit: 100 })).records.map(({ what }) => what);
  for (const [, route] of ALL.filter(([, { changes }]) => changes === "nothing")) {
    const body = { text: "<cluster/>" };
    const reply = await rig.call({ method: "POST", path: route.path, headers, body });
    assert.equal(reply.status, 200, route.path);
  }
  const after = (await rig.shell.audit({ limit: 100 })).records.map(({ what }) => what);
  assert.deepEqual(after, signedInOnly);
  await rig.call({ method: "POST", path: "/v1/nodes/n1/check", headers, body: {} });
  assert.equal((await rig.shell.audit({ limit: 1 })).records[0]?.what, "check");
});

test("a role that is taken away counts at once", async (t) => {
  const rig = await openRig(t);
  const headers = await rig.signedIn("operator");
  await rig.shell.userRole({ user: "operator", role: "viewer" });
  const body = { statement: "x" };
  assert.equal((await rig.call({ method: "POST", path: "/v1/nodes/n1/ack", headers, body })).status, 403);
  await rig.shell.userRemove({ user: "operator" });
  assert.equal((await rig.call({ path: "/v1/status", headers })).status, 401);
});

function bodyOf(route: ConsoleRoute): { readonly body?: unknown } {
  return route.method === "POST" ? { body: {} } : {};
}
