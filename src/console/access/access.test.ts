import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openAudit, withoutSecrets } from "./audit.ts";
import { createPasswords } from "./passwords.ts";
import { createPeople } from "./people.ts";
import { createRateLimit } from "./rate.ts";
import { createSessions } from "./sessions.ts";
import { openAccessStore } from "./store.ts";
import { createTokens } from "./tokens.ts";

const CHEAP = { N: 2 ** 14, r: 1, p: 1 };
const HOUR_MS = 3_600_000;

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-access-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test("people, tokens and sessions survive a restart", async (t) => {
  const path = join(folder(t), "console", "access.json");
  const problems: string[] = [];
  const store = await openAccessStore(path, (text) => problems.push(text));
  const people = createPeople(store, createPasswords(CHEAP), () => 1);
  await people.add("anna", "operator", "correct horse");
  const { secret } = await createTokens(store, () => 1).add({
    name: "x",
    role: "viewer",
    days: 1,
    by: "root",
  });
  const session = createSessions(store, () => 1).begin("anna", "password");
  await store.close();
  assert.equal(statSync(path).mode & 0o777, 0o600);

  const again = await openAccessStore(path, (text) => problems.push(text));
  assert.equal(
    await createPeople(again, createPasswords(CHEAP), () => 1).signIn("anna", "correct horse"),
    true,
  );
  assert.equal(createTokens(again, () => 2).find(secret)?.name, "x");
  assert.equal(createSessions(again, () => 2).find(session.secret)?.role, "operator");
  await again.close();
  assert.deepEqual(problems, []);
});

test("a damaged file is kept aside and told, and nobody may sign in", async (t) => {
  const directory = folder(t);
  const path = join(directory, "access.json");
  writeFileSync(path, '{"format":1,"users":[{"name":"anna","role":"owner"}]}');
  const problems: string[] = [];
  const store = await openAccessStore(path, (text) => problems.push(text));
  assert.equal(store.users.size, 0);
  assert.equal(problems.length, 1);
  assert.ok(!existsSync(path));
  assert.ok(readdirSync(directory).some((name) => name.startsWith("access.json.corrupt-")));
});

test("a wrong password, a name that nobody has and a person without a password are refused alike", async (t) => {
  const store = await openAccessStore(join(folder(t), "access.json"), () => {});
  const people = createPeople(store, createPasswords(CHEAP), () => 1);
  await people.add("anna", "viewer", "correct horse");
  await people.add("proxy", "viewer");
  for (const [name, password] of [
    ["anna", "wrong horse"],
    ["nobody", "correct horse"],
    ["proxy", ""],
  ] as const) {
    assert.equal(await people.signIn(name, password), false, name);
  }
  await assert.rejects(people.add("bert", "viewer", "bert is here"), /too easy/);
  await assert.rejects(people.add("anna", "viewer"), /API_NAME_TAKEN/);
});

test("sessions end by idleness, by age, and when there are too many", async (t) => {
  const store = await openAccessStore(join(folder(t), "access.json"), () => {});
  let now = 0;
  const sessions = createSessions(store, () => now);
  const idle = sessions.begin("root", "link", "admin").secret;
  now = 13 * HOUR_MS;
  assert.equal(sessions.find(idle), undefined);
  const used = sessions.begin("root", "link", "admin").secret;
  for (let hour = 0; hour < 30; hour++) {
    assert.equal(sessions.find(used) !== undefined, hour < 24, `hour ${hour}`);
    now += HOUR_MS;
  }
  const first = sessions.begin("root", "link", "admin").secret;
  for (let more = 0; more < 40; more++) {
    now += 1;
    sessions.begin("root", "link", "admin");
  }
  assert.equal(sessions.find(first), undefined);
  assert.equal([...store.sessions.values()].filter(({ user }) => user === "root").length, 32);
});

test("a token that is over, or has one other letter, is nobody", async (t) => {
  const store = await openAccessStore(join(folder(t), "access.json"), () => {});
  let now = 0;
  const tokens = createTokens(store, () => now);
  const { secret } = await tokens.add({ name: "x", role: "viewer", days: 1, by: "root" });
  assert.equal(tokens.find(secret)?.name, "x");
  assert.equal(tokens.find(`${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`), undefined);
  assert.equal(tokens.find(""), undefined);
  now = 24 * HOUR_MS;
  assert.equal(tokens.find(secret), undefined);
});

test("a bucket empties, fills again, and is one of many", () => {
  let now = 0;
  const rate = createRateLimit({ burst: 2, everyMs: 100, now: () => now });
  assert.deepEqual(
    [rate.take("a"), rate.take("a"), rate.take("a"), rate.take("b")],
    [true, true, false, true],
  );
  now = 100;
  assert.deepEqual([rate.take("a"), rate.take("a")], [true, false]);
});

test("audit records are in the file before anything is done, and complete after", async (t) => {
  const path = join(folder(t), "audit.ndjson");
  const audit = await openAudit(path, () => 5, assert.fail);
  const end = audit.begin({
    who: "anna",
    from: "10.0.0.9",
    what: "ack",
    args: { password: "x", statement: "y" },
  });
  await audit.close();
  assert.match(readFileSync(path, "utf8"), /"what":"ack"/);
  end({ result: "refused", code: "DOM_NOT_VICTIM" });
  await audit.close();
  writeFileSync(path, `${readFileSync(path, "utf8")}{"seq":2,"half`);
  const again = await openAudit(path, () => 6, assert.fail);
  const { records } = again.page(10);
  assert.equal(records.length, 1);
  assert.equal(records[0]?.code, "DOM_NOT_VICTIM");
  again.begin({ who: "b", from: "f", what: "w", args: {} })({ result: "done" });
  await again.close();
  const third = await openAudit(path, () => 7, assert.fail);
  assert.deepEqual(
    third.page(1).records.map(({ seq }) => seq),
    [2],
  );
  assert.equal(third.page(1).next, 2);
});

test("arguments lose their secrets and their length", () => {
  const args = withoutSecrets({ password: "p", token: "t", name: "n", text: "x".repeat(1_000) });
  assert.deepEqual([args["password"], args["token"], args["name"]], ["…", "…", "n"]);
  assert.equal(String(args["text"]).length, 601);
});
