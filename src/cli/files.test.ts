import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { realFiles } from "./files.ts";

test("a lock holds out a second one, names its holder, and is taken over from the dead", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-lock-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "fence_check.pid");
  const first = realFiles.lock(path);
  assert.ok("release" in first);
  assert.equal(readFileSync(path, "utf8"), `${process.pid}\n`);
  // The parent process lives for certain, and is somebody else.
  writeFileSync(path, `${process.ppid}\n`);
  assert.deepEqual(realFiles.lock(path), { held: String(process.ppid) });
  first.release();
  writeFileSync(path, "999999999\n"); // Above the largest pid that Linux gives away.
  const taken = realFiles.lock(path);
  assert.ok("release" in taken);
  taken.release();
  assert.deepEqual(readdirSync(directory), []);
});

test("what cannot be had is absent; what comes in pieces is read whole", () => {
  assert.equal(realFiles.read("/nowhere/at/all"), undefined);
  assert.deepEqual(realFiles.list("/nowhere/at/all"), []);
  assert.equal(realFiles.append("/nowhere/at/all", "x"), false);
  assert.equal(realFiles.read("/proc/self/maps")?.endsWith("\n"), true);
  assert.match(realFiles.read("/proc/self/status") ?? "", /^Name:[\s\S]*nonvoluntary_ctxt_switches:\t\d+\n$/);
});
