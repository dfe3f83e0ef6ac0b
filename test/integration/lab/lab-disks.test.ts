/** Disks of the lab that hang: they keep what was written, hold up whoever asks, and let a node die. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type Lab, openLab } from "../../../src/lab/lab.ts";
import { REPOSITORY, STATE_DIR } from "../../../src/lab/places.ts";
import { labIsMissing } from "./requirements.ts";

const skip = labIsMissing() || (existsSync("/dev/fuse") ? false : "there is no /dev/fuse");
const NODE = "tpve01";

const DATABASE = `
  import { DatabaseSync } from "node:sqlite";
  const database = new DatabaseSync("${STATE_DIR}/test.db");
  database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS t(a)");
  database.exec("INSERT INTO t VALUES (1)");
  const { check } = database.prepare("SELECT integrity_check AS 'check' FROM pragma_integrity_check").get();
  const { rows } = database.prepare("SELECT count(*) AS rows FROM t").get();
  console.log(check + " " + rows);`;

describe("a disk that can hang", { skip, timeout: 60_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab({ nodes: 1, daemon: "none", disksCanHang: true });
  });
  after(() => lab?.close());

  const run = (script: string) => lab.run(NODE, ["sh", "-c", `cd ${STATE_DIR} || exit 9\n${script}`]);

  it("is a file system like any other", async () => {
    const { code, stdout, stderr } = await run(`set -e
      mkdir a; echo hello > a/b; mv a/b c; rmdir a; ls
      head -c 300000 /dev/urandom > big; cp big copy; cmp big copy; truncate -s 5 big; wc -c < big
      chmod 600 c; stat -c %a c; rm big copy; ls`);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(stdout, "c\n5\n600\nc\n");
  });

  async function insert(): Promise<string> {
    const node = `${REPOSITORY}/node_modules/.bin/node`;
    const { stdout, stderr } = await lab.run(NODE, [node, "--input-type=module", "-e", DATABASE]);
    return stdout.trim() || stderr;
  }

  it("carries a database, which a power failure does not take", async () => {
    assert.equal(await insert(), "ok 1");
    await lab.crash(NODE);
    await lab.boot(NODE);
    assert.equal(await insert(), "ok 2");
  });

  it("holds up whoever asks while it is frozen, and nobody after that", async () => {
    await lab.disks?.freeze(NODE);
    let isThawed = false;
    const reading = run("cat c").then(({ stdout }) => ({ stdout, isThawed }));
    // Another program on the node, which does not ask the disk, comes and goes meanwhile.
    assert.equal((await lab.run(NODE, ["cat", "/etc/hostname"])).code, 0);
    isThawed = true;
    await lab.disks?.thaw(NODE);
    assert.deepEqual(await reading, { stdout: "hello\n", isThawed: true });
  });

  it("does not keep a node alive that waits for it", async () => {
    await lab.disks?.freeze(NODE);
    const waiting = run("echo lost > c & cat c");
    await lab.node(NODE).powerOff();
    assert.notEqual((await waiting).code, 0);
    await lab.disks?.thaw(NODE);
    await lab.boot(NODE);
    assert.equal((await run("cat c")).stdout, "hello\n");
  });

  it("does not keep a lab alive either", async () => {
    await lab.disks?.freeze(NODE);
    const waiting = run("cat c").catch(() => undefined);
    await lab.close();
    await waiting;
  });
});
