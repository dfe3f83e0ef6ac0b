import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RATES } from "../../../src/console/http/gates.ts";
import { COOKIE, openRig, PASSWORD, type Rig } from "./rig.ts";

const OWN_PAGE = { "sec-fetch-site": "same-origin" };

function signIn(rig: Rig, headers: Record<string, string> = OWN_PAGE, password = PASSWORD) {
  return rig.call({
    method: "POST",
    path: "/v1/session/password",
    headers,
    body: { user: "anna", password },
  });
}

test("the cookie is for this host, over TLS, out of reach of scripts and of other sites", async (t) => {
  const rig = await openRig(t);
  await rig.shell.userAdd({ name: "anna", role: "viewer", password: PASSWORD });
  const [cookie = ""] = (await signIn(rig)).headers["set-cookie"] ?? [];
  assert.match(cookie, /^__Host-bouncer-0=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
});

test("a session that the browser brought along is not the one that begins", async (t) => {
  const rig = await openRig(t);
  await rig.shell.userAdd({ name: "anna", role: "viewer", password: PASSWORD });
  const planted = `${COOKIE}=${"a".repeat(43)}`;
  const reply = await signIn(rig, { ...OWN_PAGE, cookie: planted });
  assert.equal(reply.status, 200);
  assert.ok(!String(reply.headers["set-cookie"]).includes("aaaaaaaa"));
  assert.equal((await rig.call({ path: "/v1/status", headers: { cookie: planted } })).status, 401);
});

test("signing in ends the session before it, and signing out ends it at the server", async (t) => {
  const rig = await openRig(t);
  const first = await rig.signedIn("viewer");
  const body = { user: "viewer", password: PASSWORD };
  const again = await rig.call({ method: "POST", path: "/v1/session/password", headers: first, body });
  const cookie = String(again.headers["set-cookie"]).split(";")[0] ?? "";
  assert.equal((await rig.call({ path: "/v1/status", headers: first })).status, 401);
  const second = { ...first, cookie };
  assert.equal((await rig.call({ path: "/v1/status", headers: second })).status, 200);
  await rig.call({ method: "POST", path: "/v1/session/end", headers: second, body: {} });
  assert.equal((await rig.call({ path: "/v1/status", headers: second })).status, 401);
});

test("a request that another site makes the browser send is refused", async (t) => {
  const rig = await openRig(t);
  const { cookie = "" } = await rig.signedIn("operator");
  const { host } = new URL(rig.console.origin);
  const foreign: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site", origin: `https://${host}` },
    { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
    { origin: "https://evil.example" },
    { origin: "null" },
    {},
  ];
  for (const headers of foreign) {
    const body = { statement: "x" };
    const path = "/v1/nodes/n1/ack";
    const reply = await rig.call({ method: "POST", path, headers: { ...headers, cookie }, body });
    assert.equal(reply.json["code"], "API_CROSS_SITE", JSON.stringify(headers));
  }
  const form = { ...OWN_PAGE, cookie, "content-type": "text/plain" };
  const asForm = { method: "POST", path: "/v1/nodes/n1/ack", headers: form, body: '{"statement":"x"}' };
  assert.equal((await rig.call(asForm)).status, 400);
  assert.deepEqual(rig.asked, []);
  const own = { origin: `https://${host}`, cookie };
  const ours = await rig.call({
    method: "POST",
    path: "/v1/nodes/n1/ack",
    headers: own,
    body: { statement: "x" },
  });
  assert.equal(ours.status, 200);
});

test("a link signs in once", async (t) => {
  const rig = await openRig(t);
  const { url } = await rig.shell.link({ role: "operator", by: "root" });
  const token = new URL(url).hash.replace("#link=", "");
  const call = { method: "POST", path: "/v1/session/link", headers: OWN_PAGE, body: { token } };
  const first = await rig.call(call);
  assert.equal(first.status, 200);
  const { user, role, how } = first.json;
  assert.deepEqual({ user, role, how }, { user: "root", role: "operator", how: "link" });
  assert.equal((await rig.call(call)).json["code"], "API_LINK_OVER");
});

test("guessing is slowed down, for names that exist and for others alike", async (t) => {
  const rig = await openRig(t);
  await rig.shell.userAdd({ name: "anna", role: "viewer", password: PASSWORD });
  const answers: string[] = [];
  for (let guess = 0; guess < RATES.signIn.burst + 2; guess++) {
    answers.push(String((await signIn(rig, OWN_PAGE, `guess number ${guess}`)).json["code"]));
  }
  assert.equal(answers[0], "API_WRONG_PASSWORD");
  assert.equal(answers.at(-1), "API_TOO_MANY");
});

test("a password is kept as a hash only, and appears in no record", async (t) => {
  const rig = await openRig(t);
  await rig.signedIn("viewer");
  const { secret } = await rig.shell.tokenAdd({ name: "monitoring", role: "viewer", days: 1 });
  for (const file of ["access.json", "audit.ndjson"]) {
    const text = readFileSync(join(rig.directory, "console", file), "utf8");
    assert.ok(!text.includes(PASSWORD) && !text.includes(secret.slice(-20)), file);
  }
});

test("a new password ends the other sessions", async (t) => {
  const rig = await openRig(t);
  const here = await rig.signedIn("viewer");
  const there = await rig.signedIn("viewer");
  const path = "/v1/session/own-password";
  const wrong = { current: "not this one", password: "something new 42" };
  assert.equal((await rig.call({ method: "POST", path, headers: here, body: wrong })).status, 401);
  const body = { current: PASSWORD, password: "something new 42" };
  assert.equal((await rig.call({ method: "POST", path, headers: here, body })).status, 200);
  assert.equal((await rig.call({ path: "/v1/status", headers: here })).status, 200);
  assert.equal((await rig.call({ path: "/v1/status", headers: there })).status, 401);
});

test("a token has a scope, is no cookie, and ends when it is revoked", async (t) => {
  const rig = await openRig(t);
  const { secret, token } = await rig.shell.tokenAdd({
    name: "robot",
    role: "operator",
    routes: ["status", "check"],
    days: 1,
  });
  const headers = { authorization: `Bearer ${secret}` };
  assert.equal((await rig.call({ path: "/v1/status", headers })).status, 200);
  assert.equal((await rig.call({ path: "/v1/why", headers })).json["code"], "API_FORBIDDEN");
  const check = await rig.call({ method: "POST", path: "/v1/nodes/n1/check", headers, body: {} });
  assert.equal(check.status, 200); // No page is needed: a browser never sends this header by itself.
  const { cookie = "" } = await rig.signedIn("viewer");
  const both = { cookie, authorization: `Bearer ${secret}x` };
  assert.equal((await rig.call({ path: "/v1/status", headers: both })).status, 401);
  await rig.shell.tokenRevoke({ id: token.id });
  assert.equal((await rig.call({ path: "/v1/status", headers })).status, 401);
});

test("a proxy's word counts where it is configured, and from its address only", async (t) => {
  const headers = { "x-remote-user": "anna", ...OWN_PAGE };
  for (const [from, status] of [
    [["127.0.0.1"], 200],
    [["10.0.0.1"], 401],
    [undefined, 401],
  ] as const) {
    const proxy = from === undefined ? {} : { proxy: { header: "X-Remote-User", from: [...from] } };
    const rig = await openRig(t, proxy);
    await rig.shell.userAdd({ name: "anna", role: "viewer" });
    assert.equal((await rig.call({ path: "/v1/status", headers })).status, status, String(from));
    const other = { ...headers, "x-remote-user": "nobody" };
    assert.equal((await rig.call({ path: "/v1/status", headers: other })).status, 401);
  }
});
