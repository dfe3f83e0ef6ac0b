/** A password that can be recognised anywhere is sent; it must be found on standard input only. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import { Secret } from "../../../src/ports/secret.ts";
import { createBench } from "./bench.ts";

const LIMIT = { timeout: 60_000 };
const CANARY = 'Kanari-4711 & "gelb" \\o/ + 100%';

function assertClean(text: string): void {
  for (const part of [CANARY, "Kanari", "4711", Buffer.from(CANARY).toString("base64")]) {
    assert.ok(!text.includes(part), `found ${part} in ${text}`);
  }
}

test("the password reaches the agent, and neither its arguments nor its environment", LIMIT, async (t) => {
  const bench = createBench(t);
  const pairs = [
    ["record", bench.record],
    ["login", "admin"],
    ["passwd", new Secret(CANARY)],
  ] as const;
  const outcome = await bench.run({ agent: "fence_spy", pairs }, "off");
  assert.equal(outcome.result, "ok");
  const stdin = readFileSync(`${bench.record}.stdin`, "utf8").trim().split("\n");
  assert.ok(stdin.includes(`passwd=${CANARY}`));
  assert.ok(stdin.includes("nodename=tpve02"));
  assert.equal(stdin.at(-1), "action=off");
  assertClean(readFileSync(`${bench.record}.cmdline`, "utf8"));
  const environ = readFileSync(`${bench.record}.environ`, "utf8");
  assertClean(environ);
  const names = environ
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0])
    .sort();
  assert.deepEqual(
    names.filter((name) => name !== "PWD"),
    ["HOME", "LANG", "LC_ALL", "PATH"],
  );
  assert.match(environ, /^PATH=.*\/usr\/sbin/m);
});

test("an agent that repeats the password cannot make us repeat it", LIMIT, async (t) => {
  const bench = createBench(t);
  for (const value of [new Secret(CANARY), CANARY]) {
    const pairs = [
      ["login", "admin"],
      ["passwd", value],
    ] as const;
    const outcome = await bench.run({ agent: "fence_parrot", pairs }, "off");
    assert.equal(outcome.result, "failed");
    assert.match(outcome.detail, /login admin failed: \[secret\] \[secret\] Basic \[secret\]/);
    assertClean(JSON.stringify(outcome));
  }
});

test("a secret does not print itself", () => {
  const secret = new Secret(CANARY);
  assertClean(`${secret} ${JSON.stringify({ secret })} ${inspect(secret, { showHidden: true })}`);
  assert.equal(secret.reveal(), CANARY);
});

test("passwd_script is run for every run, and takes the place of the written password", LIMIT, async (t) => {
  const bench = createBench(t);
  const script = bench.script("give", `#!/bin/sh\necho x >> ${bench.folder}/count\necho 'hidden  '\n`);
  const use = {
    agent: "fence_spy",
    passwdScript: script,
    pairs: [
      ["record", bench.record],
      ["passwd", "old"],
      ["passwd_script", script],
    ] as const,
  };
  for (const _ of [1, 2]) assert.equal((await bench.run(use, "off")).result, "ok");
  assert.equal(readFileSync(`${bench.folder}/count`, "utf8"), "x\nx\n");
  const stdin = readFileSync(`${bench.record}.stdin`, "utf8");
  assert.match(stdin, /^passwd=hidden$/m);
  assert.doesNotMatch(stdin, /old|passwd_script/);
});

test(
  "a passwd_script that fails is named, with its exit code and nothing that it printed",
  LIMIT,
  async (t) => {
    const bench = createBench(t);
    const cases = [
      ["#!/bin/sh\necho Kanari-4711\necho Kanari-4711 >&2\nexit 3\n", /exit code 3/, "failed"],
      ["#!/bin/sh\nexit 0\n", /printed nothing/, "failed"],
      ["#!/bin/sh\necho Kanari; echo 4711; echo 3\n", /more than two lines/, "failed"],
      ["#!/bin/sh\nexec sleep 1000\n", /did not end in time/, "timeout"],
      ["#!/bin/sh\nhead -c 9000 /dev/zero | tr '\\0' 4\n", /more than 4096/, "failed"],
    ] as const;
    for (const [text, why, result] of cases) {
      const script = bench.script("give", text);
      const use = { agent: "fence_lies", passwdScript: `${script} --key Kanari-4711`, pairs: [] };
      const outcome = await bench.run(use, "off", result === "timeout" ? 300 : undefined);
      assert.equal(outcome.result, result);
      assert.match(outcome.detail, why);
      assert.ok(outcome.detail.includes(script));
      assertClean(JSON.stringify(outcome));
    }
    const shell = await bench.run(
      { agent: "fence_lies", passwdScript: "cat /x | tail -1", pairs: [] },
      "off",
    );
    assert.match(shell.detail, /shell expression/);
  },
);
