import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { CONFIG_NONE } from "../../core/configuration/stamp.ts";
import { OperationError } from "../../core/errors.ts";
import { EPOCH_NONE, type EpochRecord, type Incident } from "../../core/ledger.ts";
import { openJournal, type StateJournal } from "./journal.ts";

function epoch(n: number): EpochRecord {
  return { ...EPOCH_NONE, n, members: [{ node: 1, boot: "b", start: "s" }], proposer: 1 };
}

function incident(seq: number, hash = `h${seq}`): Incident {
  return {
    seq,
    node: 3,
    name: "tpve03",
    epoch: 1,
    cause: "node-down",
    how: "agent",
    firstSeenAt: 1,
    doneAt: 2,
    attempts: 1,
    steps: [],
    evidence: [],
    configVersion: 1,
    previousHash: "",
    hash,
  };
}

/** A directory of its own, and journals that are closed before it goes. */
function place(t: TestContext): { readonly directory: string; open(): StateJournal } {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-journal-"));
  const opened: StateJournal[] = [];
  t.after(async () => {
    for (const journal of opened) await journal.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    directory,
    open() {
      const journal = openJournal(directory);
      opened.push(journal);
      return journal;
    },
  };
}

const refusedWith = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof OperationError && error.code === code && words.test(error.message);

test("what was saved is there after a restart, oldest incident first", async (t) => {
  const { open } = place(t);
  const journal = open();
  assert.deepEqual(await journal.load(), { epoch: EPOCH_NONE, incidents: [], configs: [] });
  await journal.saveEpoch(epoch(4));
  await journal.saveEpoch(epoch(5));
  await journal.appendIncidents([incident(1), incident(2)]);
  await journal.appendIncidents([incident(2), incident(3)]); // 2 is there already.
  await journal.close();
  const again = open();
  const { epoch: saved, incidents } = await again.load();
  assert.deepEqual(saved, epoch(5));
  assert.deepEqual(
    incidents.map((one) => one.seq),
    [1, 2, 3],
  );
  assert.deepEqual(
    (await again.history({ limit: 2 })).map((one) => one.seq),
    [3, 2],
  );
  assert.deepEqual(
    (await again.history({ limit: 9, before: 3 })).map((one) => one.seq),
    [2, 1],
  );
});

test("an epoch and the text of its configuration reach the disk together, and stay", async (t) => {
  const { open } = place(t);
  const journal = open();
  await journal.load();
  const text = new TextEncoder().encode('<cluster config_version="4"/>');
  const stamp = { version: 4, digest: "d4", by: "root", at: 5, comment: "new iLO" };
  await journal.saveEpoch({ ...epoch(4), config: stamp }, text);
  await journal.saveEpoch({ ...epoch(5), config: stamp }); // The text is there already.
  await journal.saveConfigs([{ ...stamp, version: 3, digest: "d3" }, stamp]);
  await journal.saveConfigs([{ ...stamp, comment: "said again" }]);
  await journal.close();
  const again = open();
  const { epoch: saved, configs } = await again.load();
  assert.deepEqual(saved.config, stamp);
  assert.deepEqual(
    configs.map((one) => [one.version, one.comment]),
    [
      [3, "new iLO"],
      [4, "said again"],
    ],
  );
  assert.deepEqual(new Uint8Array((await again.configText("d4")) ?? []), text);
  assert.equal(await again.configText("d3"), undefined);
  assert.deepEqual(
    (await again.configs({ limit: 1 })).map((one) => one.version),
    [4],
  );
});

test("a record from before configurations were kept with epochs names none", async (t) => {
  const { directory, open } = place(t);
  const journal = open();
  await journal.load();
  await journal.saveEpoch(epoch(4));
  await journal.close();
  const database = new DatabaseSync(join(directory, "journal.db"));
  const old = { n: 4, members: [], departed: [], configVersion: 7, proposer: 1 };
  database.prepare("UPDATE epoch SET record = ?").run(JSON.stringify(old));
  database.close();
  assert.deepEqual((await open().load()).epoch.config, CONFIG_NONE);
});

test("adopting replaces the tail and deletes nothing", async (t) => {
  const { directory, open } = place(t);
  const journal = open();
  await journal.load();
  await journal.appendIncidents([incident(1), incident(2, "mine"), incident(3, "mine"), incident(4, "mine")]);
  await journal.adoptIncidents([incident(2, "theirs"), incident(3, "theirs")]);
  const now = await journal.history({ limit: 9 });
  assert.deepEqual(
    now.map((one) => [one.seq, one.hash]),
    [
      [3, "theirs"],
      [2, "theirs"],
      [1, "h1"],
    ],
  );
  await journal.close();
  const database = new DatabaseSync(join(directory, "journal.db"));
  const aside = database.prepare("SELECT seq, hash FROM replaced_incident ORDER BY seq").all();
  database.close();
  assert.deepEqual(
    aside.map((row) => [row["seq"], row["hash"]]),
    [
      [2, "mine"],
      [3, "mine"],
      [4, "mine"],
    ],
  );
});

test("a damaged journal is put aside and said so", async (t) => {
  const { directory, open } = place(t);
  for (const damage of [
    "this is no database at all, and long enough to be read as a header".repeat(20),
    "",
  ]) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
    writeFileSync(join(directory, "journal.db"), damage);
    const journal = open();
    assert.deepEqual(await journal.load(), { epoch: EPOCH_NONE, incidents: [], configs: [] });
    await journal.saveEpoch(epoch(1));
    await journal.close();
    const kept = readdirSync(directory).filter((name) => name.includes(".corrupt-"));
    assert.equal(kept.length, damage === "" ? 0 : 1, "an empty file is an empty journal");
    assert.equal(journal.notices().length, kept.length);
    if (kept[0] !== undefined)
      assert.ok(journal.notices()[0]?.includes(kept[0]), "the notice names the file");
  }
});

test("a record that makes no sense is damage too", async (t) => {
  const { directory, open } = place(t);
  const journal = open();
  await journal.load();
  await journal.saveEpoch(epoch(7));
  await journal.close();
  const database = new DatabaseSync(join(directory, "journal.db"));
  database.exec(`UPDATE epoch SET record = '{"n":"seven"}'`);
  database.close();
  const again = open();
  assert.equal((await again.load()).epoch.n, 0);
  assert.equal(again.notices().length, 1);
});

test("a journal of a newer format is refused and left alone", async (t) => {
  const { directory, open } = place(t);
  const journal = open();
  await journal.load();
  await journal.close();
  const database = new DatabaseSync(join(directory, "journal.db"));
  database.exec("PRAGMA user_version = 99");
  database.close();
  await assert.rejects(open().load(), refusedWith("JNL_UNREADABLE", /newer bouncerd/));
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.includes("corrupt")),
    [],
  );
});

test("a state directory has one user at a time", async (t) => {
  const { open } = place(t);
  const first = open();
  await first.load();
  await assert.rejects(open().load(), refusedWith("DMN_RUNNING", /another bouncerd/));
  await first.close();
  await open().load();
});

test("a state directory that came with a copied machine is refused, and says whose it is", async (t) => {
  const { open } = place(t);
  const first = open();
  await first.claim({ id: 1, name: "tpve01" });
  await first.claim({ id: 1, name: "renamed" });
  await first.close();
  const copy = open();
  await copy.load();
  const whose = /written by node 1 \(tpve01\), and this is node 2 \(tpve02\)/;
  await assert.rejects(copy.claim({ id: 2, name: "tpve02" }), refusedWith("JNL_FOREIGN", whose));
  await copy.claim({ id: 1, name: "tpve01" });
});

test("a directory that is none says so", async (t) => {
  const { directory } = place(t);
  const file = join(directory, "file");
  writeFileSync(file, "");
  const journal = openJournal(file);
  await assert.rejects(journal.load(), refusedWith("JNL_UNREADABLE", /no directory is in the way/));
  await journal.close();
});

test("a disk that does not answer delays promises and nothing else", async (t) => {
  const { directory, open } = place(t);
  const journal = open();
  await journal.load();
  const holder = new DatabaseSync(join(directory, "journal.db"));
  holder.exec("BEGIN IMMEDIATE");
  let saved = false;
  const saving = journal.saveEpoch(epoch(1)).then(() => {
    saved = true;
  });
  // The main thread goes on: it gets through a full turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(saved, false);
  assert.equal(journal.waiting(), 1);
  holder.exec("ROLLBACK");
  holder.close();
  await saving;
  assert.equal(saved, true);
});

test("flight records are written whole, and only the newest are kept", async (t) => {
  const { directory, open } = place(t);
  const journal = open();
  await journal.load();
  for (const n of [1, 2, 3]) await journal.writeFile(`flight-${n}.ndjson`, ['{"a":1}', '{"b":2}'], 2);
  const names = readdirSync(directory).filter((name) => name.startsWith("flight-"));
  assert.deepEqual(names.sort(), ["flight-2.ndjson", "flight-3.ndjson"]);
});

const isRoot = process.getuid?.() === 0;
test("a full disk refuses, and works again when there is room", {
  skip: !isRoot && "needs root",
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", directory]);
  const journal = openJournal(directory);
  try {
    await journal.load();
    await journal.saveEpoch(epoch(1));
    const ballast = join(directory, "ballast");
    assert.throws(() => writeFileSync(ballast, Buffer.alloc(1024 * 1024)), /ENOSPC/);
    const big = { ...incident(1), name: "x".repeat(100_000) };
    await assert.rejects(journal.appendIncidents([big]), refusedWith("JNL_UNREADABLE", /disk is full/));
    rmSync(ballast);
    await journal.saveEpoch(epoch(2));
    await journal.close();
    const again = openJournal(directory);
    assert.equal((await again.load()).epoch.n, 2);
    await again.close();
  } finally {
    await journal.close();
    execFileSync("umount", ["-l", directory]);
    rmSync(directory, { recursive: true, force: true });
  }
});

test("an epoch and the text of its configuration: both on the disk, or neither when it is full", {
  skip: !isRoot && "needs root",
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", directory]);
  const opened: StateJournal[] = [];
  const anew = async () => {
    await opened.at(-1)?.close();
    const journal = openJournal(directory);
    opened.push(journal);
    return { journal, durable: await journal.load() };
  };
  const old = { ...epoch(1), config: { ...CONFIG_NONE, version: 1, digest: "old" } };
  const next = { ...epoch(2), config: { ...CONFIG_NONE, version: 2, digest: "new" } };
  const text = new Uint8Array(200_000).fill(0x20);
  try {
    const first = (await anew()).journal;
    await first.saveEpoch(old, new TextEncoder().encode("<cluster/>"));
    const ballast = join(directory, "ballast");
    assert.throws(() => writeFileSync(ballast, Buffer.alloc(1024 * 1024)), /ENOSPC/);
    await assert.rejects(first.saveEpoch(next, text), refusedWith("JNL_UNREADABLE", /disk is full/));
    rmSync(ballast);
    const { journal, durable } = await anew();
    assert.deepEqual(durable.epoch, old);
    assert.equal(await journal.configText("new"), undefined);
    assert.deepEqual(await journal.configText("old"), new TextEncoder().encode("<cluster/>"));
    await journal.saveEpoch(next, text);
    const later = await anew();
    assert.deepEqual(later.durable.epoch, next);
    assert.deepEqual(await later.journal.configText("new"), text);
  } finally {
    for (const journal of opened) await journal.close();
    execFileSync("umount", ["-l", directory]);
    rmSync(directory, { recursive: true, force: true });
  }
});
