import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { OUTPUT_HEAD_BYTES_MAX, OUTPUT_TAIL_BYTES_MAX } from "./limits.ts";
import { runProcess } from "./run-process.ts";

const LIMIT = { timeout: 30_000 };
const BUDGET_MS = 20_000;

function shell(body: string, more: { budgetMs?: number; graceMs?: number; cancel?: AbortSignal } = {}) {
  return runProcess({ file: "/bin/sh", args: ["-c", body], budgetMs: BUDGET_MS, ...more });
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-process-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("exit code, both outputs, input, working directory", LIMIT, async () => {
  const stdin = new TextEncoder().encode("hello");
  const args = ["-c", "cat; pwd >&2; exit 7"];
  const result = await runProcess({ file: "/bin/sh", args, stdin, budgetMs: BUDGET_MS });
  assert.equal(result.exitCode, 7);
  assert.equal(result.signal, undefined);
  assert.equal(result.problem, undefined);
  assert.equal(result.stdout.head, "hello");
  assert.equal(result.stderr.head, "/\n");
  assert.equal(result.timedOut, false);
});

test("nothing of our environment is handed down, and the path cannot be replaced", LIMIT, async (t) => {
  process.env["PCMK_service"] = "pacemaker-fenced";
  t.after(() => delete process.env["PCMK_service"]);
  const env = { BOUNCER_NODE: "a", PATH: "/evil" };
  const result = await runProcess({ file: "/usr/bin/env", env, budgetMs: BUDGET_MS });
  const names = result.stdout.head
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0]);
  assert.deepEqual(names.sort(), ["BOUNCER_NODE", "HOME", "LANG", "LC_ALL", "PATH"]);
  assert.doesNotMatch(result.stdout.head, /evil/);
});

test("whatever cannot be started is a result", LIMIT, async (t) => {
  const folder = temporary(t);
  const plain = join(folder, "plain");
  writeFileSync(plain, "x", { mode: 0o644 });
  for (const file of [join(folder, "absent"), folder, plain, "", "a\0b"]) {
    const result = await runProcess({ file, budgetMs: BUDGET_MS });
    assert.equal(typeof result.problem, "string", file);
    assert.equal(result.exitCode, undefined);
  }
  const args = ["x".repeat(4 * 1024 * 1024)];
  assert.match((await runProcess({ file: "/bin/true", args, budgetMs: BUDGET_MS })).problem ?? "", /E2BIG/);
});

test("TERM first: what ends by it may say a last word", LIMIT, async (t) => {
  const ready = join(temporary(t), "ready");
  const cancel = new AbortController();
  const running = shell(`trap 'echo bye; exit 3' TERM; touch ${ready}; while :; do sleep 0.01; done`, {
    cancel: cancel.signal,
  });
  while (!existsSync(ready)) await new Promise((resolve) => setImmediate(resolve));
  cancel.abort();
  const result = await running;
  assert.equal(result.cancelled, true);
  assert.equal(result.exitCode, 3);
  assert.equal(result.stdout.head, "bye\n");
});

test("KILL then: also for a child whose parent obeyed TERM", LIMIT, async (t) => {
  const ready = join(temporary(t), "ready");
  const cancel = new AbortController();
  const child = `trap "" TERM; echo $$ > ${ready}.new; mv ${ready}.new ${ready}; while :; do sleep 0.01; done`;
  const running = shell(`sh -c '${child}' & wait`, { cancel: cancel.signal });
  while (!existsSync(ready)) await new Promise((resolve) => setImmediate(resolve));
  cancel.abort();
  const result = await running;
  assert.equal(result.signal, "SIGTERM");
  const pid = Number(readFileSync(ready, "utf8"));
  const isGone = (): boolean => {
    try {
      return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return true;
    }
  };
  while (!isGone()) await new Promise((resolve) => setImmediate(resolve));
});

test("a grace of zero is KILL at once", LIMIT, async () => {
  const result = await shell("trap '' TERM; while :; do sleep 0.01; done", { budgetMs: 200, graceMs: 0 });
  assert.equal(result.timedOut, true);
  assert.equal(result.signal, "SIGKILL");
});

test("cancelled before it began: nothing is started", LIMIT, async (t) => {
  const file = join(temporary(t), "file");
  const result = await shell(`touch ${file}`, { cancel: AbortSignal.abort() });
  assert.equal(result.cancelled, true);
  assert.equal(existsSync(file), false);
});

test("of a long output the beginning and the end are kept", LIMIT, async () => {
  const result = await shell("echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last");
  assert.equal(result.exitCode, 0);
  assert.ok(result.stdout.head.startsWith("first\n"));
  assert.ok(result.stdout.tail.endsWith("\nlast\n"));
  assert.equal(result.stdout.head.length, OUTPUT_HEAD_BYTES_MAX);
  assert.equal(result.stdout.tail.length, OUTPUT_TAIL_BYTES_MAX);
  const all = "first\n".length + 3_000_000 + "\nlast\n".length;
  assert.equal(result.stdout.bytesLost, all - OUTPUT_HEAD_BYTES_MAX - OUTPUT_TAIL_BYTES_MAX);
});
