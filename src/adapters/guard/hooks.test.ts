import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Guard } from "../../ports/guard.ts";
import { createExec } from "../process/exec.ts";
import { createHooksGuard } from "./hooks.ts";

const LIMIT = { timeout: 30_000 };

interface Bench {
  readonly folder: string;
  readonly guard: Guard;
  /** Writes a hook; `$LOG` is the file that {@link lines} reads, `$DIR` the folder. */
  hook(path: string, body: string, mode?: number): string;
  lines(): readonly string[];
  /** Resolves when the log has a line that begins so. */
  logged(beginning: string): Promise<void>;
}

function createBench(t: TestContext, budgetMs = 20_000): Bench {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-hooks-"));
  const log = join(folder, "log");
  writeFileSync(log, "");
  for (const name of ["freeze.d", "thaw.d", "in-use.d"]) mkdirSync(join(folder, name));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const lines = (): string[] =>
    readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  return {
    folder,
    guard: createHooksGuard({ folder, node: "tpve01", exec: createExec(), budgetMs }),
    hook(path, body, mode = 0o755) {
      const file = join(folder, path);
      writeFileSync(file, `#!/bin/sh\nLOG=${log}\nDIR=${folder}\n${body}\n`);
      chmodSync(file, mode);
      return file;
    },
    lines,
    logged: (beginning) =>
      new Promise((resolve) => {
        const watcher = watch(log, { persistent: false }, () => look());
        const look = (): void => {
          if (!lines().some((line) => line.startsWith(beginning))) return;
          watcher.close();
          resolve();
        };
        look();
      }),
  };
}

test("hooks learn the node, the epoch and the reasons", LIMIT, async (t) => {
  const bench = createBench(t);
  const body = 'echo "$BOUNCER_NODE $BOUNCER_EPOCH $BOUNCER_BECAUSE" >> $LOG';
  bench.hook("thaw.d/10-a", body);
  bench.hook("freeze.d/10-a", body);
  assert.deepEqual(await bench.guard.thaw(7), []);
  assert.deepEqual(await bench.guard.freeze(["tpve02 is silent", "tpve03 too"]), []);
  assert.deepEqual(bench.lines(), ["tpve01 7 ", "tpve01 7 tpve02 is silent; tpve03 too"]);
});

test("a freeze that holds is not repeated, one that failed is", LIMIT, async (t) => {
  const bench = createBench(t);
  bench.hook("freeze.d/10-a", "echo a >> $LOG; test -e $DIR/good || { echo no >&2; exit 4; }");
  assert.deepEqual(await bench.guard.freeze([]), ["freeze.d/10-a: exit code 4: no"]);
  writeFileSync(join(bench.folder, "good"), "");
  assert.deepEqual(await bench.guard.freeze([]), []);
  assert.deepEqual(await bench.guard.freeze([]), []);
  assert.equal(bench.lines().length, 2);
});

test("no freeze hook waits for another one", LIMIT, async (t) => {
  const bench = createBench(t);
  bench.hook("freeze.d/10-a", "until [ -e $DIR/b ]; do sleep 0.01; done");
  bench.hook("freeze.d/20-b", "touch $DIR/b");
  assert.deepEqual(await bench.guard.freeze([]), []); // One after another, the first would never end.
});

test("a freeze hook that hangs is ended, and said", LIMIT, async (t) => {
  const bench = createBench(t, 300);
  bench.hook("freeze.d/10-hangs", "exec sleep 1000");
  const lines = await bench.guard.freeze([]);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /10-hangs: did not end in time/);
});

test("a thaw waits for the freeze before it, and a newer freeze takes it back", LIMIT, async (t) => {
  const bench = createBench(t);
  bench.hook(
    "freeze.d/a",
    "echo freeze >> $LOG; until [ -e $DIR/go ]; do sleep 0.01; done; echo frozen >> $LOG",
  );
  bench.hook("thaw.d/a", "echo thaw $BOUNCER_EPOCH >> $LOG");
  const first = bench.guard.freeze([]);
  const pending = bench.guard.thaw(1);
  await bench.logged("freeze");
  const second = bench.guard.freeze([]);
  writeFileSync(join(bench.folder, "go"), "");
  await Promise.all([first, pending, second]);
  assert.deepEqual(bench.lines(), ["freeze", "frozen"]);
  await bench.guard.thaw(2);
  assert.deepEqual(bench.lines(), ["freeze", "frozen", "thaw 2"]);
});

test("a freeze ends the hooks of a thaw that runs before its own begin", LIMIT, async (t) => {
  const bench = createBench(t);
  bench.hook(
    "thaw.d/a",
    "trap '' TERM; echo thaw >> $LOG; until [ -e $DIR/go ]; do sleep 0.01; done; echo late >> $LOG",
  );
  bench.hook("thaw.d/b", "echo b >> $LOG");
  bench.hook("freeze.d/a", "echo freeze >> $LOG; touch $DIR/go");
  const thawed = bench.guard.thaw(3);
  await bench.logged("thaw");
  assert.deepEqual(await bench.guard.freeze([]), []);
  await thawed;
  assert.deepEqual(bench.lines(), ["thaw", "freeze"]);
});

test("thaw hooks run one after another, in the order of their names", LIMIT, async (t) => {
  const bench = createBench(t);
  bench.hook("thaw.d/20-b", "echo b >> $LOG");
  bench.hook("thaw.d/10-a", "sleep 0.05; echo a >> $LOG; exit 1");
  assert.deepEqual(await bench.guard.thaw(1), ["thaw.d/10-a: exit code 1"]);
  assert.deepEqual(bench.lines(), ["a", "b"]);
});

test("in use: every line counts, and whoever cannot tell counts as in use", LIMIT, async (t) => {
  const bench = createBench(t);
  assert.deepEqual(await bench.guard.inUse(), []);
  bench.hook("in-use.d/10-vms", "printf 'vm 101\\n\\n  vm 102\\a\\n'");
  bench.hook("in-use.d/20-broken", "echo vm 103; exit 9");
  bench.hook("in-use.d/40-plain", "exit 0", 0o644);
  const lines = await bench.guard.inUse();
  assert.deepEqual(
    lines.filter((line) => line.startsWith("vm")),
    ["vm 101", "vm 102", "vm 103"],
  );
  const unsure = lines.filter((line) => line.startsWith("in use: cannot tell ("));
  assert.equal(unsure.length, 2);
  assert.match(unsure.join("\n"), /40-plain is not run: it has no executable bit/);
  assert.match(unsure.join("\n"), /script 20-broken: exit code 9/);
});

test("in use: a script that hangs cannot tell", LIMIT, async (t) => {
  const bench = createBench(t, 300);
  bench.hook("in-use.d/10-hangs", "exec sleep 1000");
  const lines = await bench.guard.inUse();
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^in use: cannot tell \(script 10-hangs: did not end in time/);
});

test("what strangers could have put there is refused, and said", LIMIT, async (t) => {
  const bench = createBench(t);
  bench.hook("freeze.d/10-open", "echo bad >> $LOG", 0o777);
  bench.hook("freeze.d/20-good", "echo good >> $LOG");
  bench.hook("freeze.d/README", "echo bad >> $LOG", 0o644);
  mkdirSync(join(bench.folder, "freeze.d", "30-folder"));
  const expected = [
    /10-open is not run: it may be written by everybody/,
    /30-folder is not run: it is not a/,
  ];
  if (process.getuid?.() === 0) {
    chownSync(bench.hook("freeze.d/40-foreign", "echo bad >> $LOG"), 12_345, 0);
    expected.push(/40-foreign is not run: it belongs to user 12345/);
  }
  const lines = await bench.guard.freeze([]);
  assert.deepEqual(bench.lines(), ["good"]);
  assert.equal(lines.length, expected.length);
  for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? "", pattern);
  chmodSync(join(bench.folder, "in-use.d"), 0o777);
  assert.match((await bench.guard.inUse())[0] ?? "", /cannot tell .*in-use.d is not used/);
});

test("no folders, no hooks", LIMIT, async (t) => {
  const bench = createBench(t);
  rmSync(join(bench.folder, "freeze.d"), { recursive: true });
  rmSync(join(bench.folder, "in-use.d"), { recursive: true });
  assert.deepEqual(await bench.guard.freeze([]), []);
  assert.deepEqual(await bench.guard.inUse(), []);
});
