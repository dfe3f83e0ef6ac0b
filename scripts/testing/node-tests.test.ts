import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "./process.ts";
import { countsOf, readTotals } from "./reporter.ts";

const FILES = {
  "good.test.ts": 'import test from "node:test"; test("a", () => {}); test("b", { skip: true }, () => {});',
  "bad.test.ts": 'import test from "node:test"; test("c", () => { throw new Error("no"); });',
  "broken.test.ts": "this is no program",
};

test("the reporter counts what passed, failed and was skipped, broken files included", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-reporter-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const lines: string[] = [];
  const reporter = new URL("./reporter.ts", import.meta.url).href;
  const files = Object.keys(FILES).map((name) => join(folder, name));
  const end = await runCommand(
    process.execPath,
    ["--test", `--test-reporter=${reporter}`, "--test-reporter-destination=stdout", ...files],
    { limitMs: 60_000, onLine: (line) => lines.push(line) },
  );
  assert.equal(end.ok, false);
  assert.deepEqual(readTotals(lines.join("\n")), { passed: 1, failed: 2, skipped: 1 });
});

test("cancelled tests are failures", () => {
  const counts = { tests: 5, passed: 1, cancelled: 2, skipped: 1, todo: 1 };
  assert.deepEqual(countsOf({ counts }), { passed: 1, failed: 2, skipped: 2 });
});

test("no summary is told apart from an empty one", () => {
  assert.equal(readTotals(""), undefined);
});

test("a command past its limit is ended with everything it started", { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  // The pipe closes when its last holder is gone, and the sleeper holds it for ten minutes.
  const end = await runCommand("sh", ["-c", "sleep 600 & echo started; wait"], {
    limitMs: 300,
    onLine: (line) => lines.push(line),
  });
  assert.deepEqual(end, { ok: false, how: "time limit of 0.3 s" });
  assert.deepEqual(lines, ["started"]);
});
