/** The demo leaves nothing behind: no process and, unless it was killed, no file. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { HOME_DIRECTORY } from "../../src/demo/layout.ts";

/** Units: ms. */
const PATIENCE_MS = 60_000;

function startDemo(base: string): ChildProcess {
  return spawn(process.execPath, [join(HOME_DIRECTORY, "src", "demo", "main.ts"), "--nodes", "2"], {
    env: { ...process.env, XDG_RUNTIME_DIR: base },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function untilUp(demo: ChildProcess): Promise<void> {
  assert.ok(demo.stdout !== null);
  for await (const line of createInterface(demo.stdout)) if (line.startsWith("Ctrl-C ends")) return;
  assert.fail("the demo ended before it was up");
}

/** Command lines of processes that have to do with the directory. */
function processesOf(base: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // It ended meanwhile.
      }
    })
    .filter((command) => command.includes(base));
}

async function untilNone(base: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (processesOf(base).length > 0 && Date.now() < until) await sleep(50);
  assert.deepEqual(processesOf(base), []);
}

async function withDemo(check: (demo: ChildProcess, base: string) => Promise<void>): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), "bd-"));
  const demo = startDemo(base);
  try {
    await untilUp(demo);
    assert.ok(processesOf(base).length >= 5, "a hub, and a daemon and a workload for each node");
    await check(demo, base);
  } finally {
    demo.kill("SIGKILL");
    await untilNone(base);
    rmSync(base, { recursive: true, force: true });
  }
}

test("after Ctrl-C no process and no file is left", { timeout: 3 * PATIENCE_MS }, async () => {
  await withDemo(async (demo, base) => {
    demo.stdout?.resume();
    demo.kill("SIGINT");
    const [code] = await once(demo, "close");
    assert.equal(code, 0);
    await untilNone(base);
    assert.deepEqual(readdirSync(base), []);
  });
});

test("a demo that is killed takes every process with it", { timeout: 3 * PATIENCE_MS }, async () => {
  await withDemo(async (demo, base) => {
    demo.kill("SIGKILL");
    await once(demo, "exit");
    await untilNone(base);
  });
});
