import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { createSlowDisk } from "./slow-disk.ts";

test("while it is frozen nothing can be made durable, and reading goes on", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-slow-disk-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const disk = createSlowDisk(directory);
  assert.throws(() => disk.freeze(), /no journal/);

  const journal = new DatabaseSync(join(directory, "journal.db"), { timeout: 0 });
  t.after(() => journal.close());
  journal.exec("PRAGMA journal_mode=WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)");
  disk.freeze();
  disk.freeze();
  assert.throws(() => journal.exec("BEGIN IMMEDIATE"), /locked/);
  assert.equal(journal.prepare("SELECT count(*) AS n FROM t").get()?.["n"], 1);
  disk.thaw();
  journal.exec("INSERT INTO t VALUES (2)");
  assert.equal(journal.prepare("SELECT count(*) AS n FROM t").get()?.["n"], 2);
});
