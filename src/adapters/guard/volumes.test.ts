/** With a `dmsetup` that writes down what it is asked, and what it has suspended. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createDeviceMapper } from "../lvm/device-mapper.ts";
import { createExec } from "../process/exec.ts";
import { createVolumesGuard } from "./volumes.ts";

const UUID = `LVM-${"g".repeat(32)}`;

interface Bench {
  readonly guard: ReturnType<typeof createVolumesGuard>;
  again(): ReturnType<typeof createVolumesGuard>;
  map(name: string, volume: string, state: string, device: string): void;
  state(name: string): string;
  /** What changed anything, in order. */
  asked(): readonly string[];
  readonly file: string;
  breakIt(): void;
}

function open(t: TestContext, marked: readonly string[] = ["san0"], own: readonly string[] = []): Bench {
  const folder = mkdtempSync(join(tmpdir(), "volumes-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const table = join(folder, "dm");
  const program = join(folder, "dmsetup");
  mkdirSync(table);
  const script = readFileSync(new URL("../../lab/sh/dmsetup.sh", import.meta.url), "utf8");
  writeFileSync(program, script.replaceAll("/run/dm", table));
  chmodSync(program, 0o755);
  const file = join(folder, "suspended");
  const { run, find } = createExec();
  const deviceMapper = createDeviceMapper({ run, find: () => find(program, []) });
  const again = () =>
    createVolumesGuard({
      deviceMapper,
      file,
      groups: () => ["san0", "san1"],
      suspended: () => marked,
      ownDevices: () => new Set(own),
    });
  return {
    guard: again(),
    again,
    file,
    map: (name, volume, state, device) =>
      writeFileSync(join(table, name), `${UUID}${volume.repeat(32)} 1 ${state} ${device}\n`),
    state: (name) => readFileSync(join(table, name), "utf8").split(" ")[2] ?? "",
    asked: () =>
      readFileSync(`${table}.log`, "utf8")
        .split("\n")
        .filter((line) => /^(suspend|resume) /.test(line)),
    breakIt: () =>
      writeFileSync(program, script.replaceAll("/run/dm", table).replace("suspend | resume)", "no)")),
  };
}

test("marked groups are suspended without flushing, read back, and resumed", async (t) => {
  const bench = open(t);
  bench.map("san0-vm--1", "a", "Active", "253:1");
  bench.map("san1-other", "b", "Active", "253:2");
  assert.deepEqual(await bench.guard.freeze(["tpve02"]), []);
  assert.equal(bench.state("san0-vm--1"), "Suspended");
  assert.equal(bench.state("san1-other"), "Active");
  assert.deepEqual(await bench.guard.freeze(["tpve02", "tpve03"]), []);
  assert.deepEqual(await bench.guard.inUse(), [
    "volume san0/vm-1 is active, open 1 time",
    "volume san1/other is active, open 1 time",
  ]);
  assert.deepEqual(await bench.guard.thaw(3), []);
  assert.equal(bench.state("san0-vm--1"), "Active");
  assert.deepEqual(bench.asked(), [
    "suspend --noflush --nolockfs san0-vm--1",
    "resume --noudevsync san0-vm--1",
  ]);
  assert.equal(existsSync(bench.file), false);
});

test("what this host runs on is never suspended, and that is said", async (t) => {
  const bench = open(t, ["san0"], ["253:1"]);
  bench.map("san0-root", "a", "Active", "253:1");
  assert.deepEqual(await bench.guard.freeze([]), ["san0/root is not suspended: this host runs on it"]);
  assert.equal(bench.state("san0-root"), "Active");
});

test("only what we suspended is resumed, also by the daemon after this one", async (t) => {
  const bench = open(t);
  bench.map("san0-a", "a", "Active", "253:1");
  bench.map("san0-lvm", "b", "Suspended", "253:2");
  await bench.guard.freeze([]);
  const next = bench.again();
  assert.deepEqual(await next.freeze([]), []);
  assert.deepEqual(await next.thaw(4), []);
  assert.equal(bench.state("san0-a"), "Active");
  assert.equal(bench.state("san0-lvm"), "Suspended");
});

test("a volume that appears during the freeze is suspended, too; a thaw that a freeze overtook does nothing", async (t) => {
  const bench = open(t);
  await bench.guard.freeze([]);
  bench.map("san0-late", "a", "Active", "253:1");
  await bench.guard.inUse();
  assert.equal(bench.state("san0-late"), "Suspended");
  await Promise.all([bench.guard.thaw(5), bench.guard.freeze([])]);
  assert.equal(bench.state("san0-late"), "Suspended");
});

test("what goes on although it should not is said", async (t) => {
  const bench = open(t);
  bench.map("san0-a", "a", "Active", "253:1");
  bench.breakIt();
  assert.deepEqual(await bench.guard.freeze([]), [
    "san0/a is not suspended: dmsetup suspend: dmsetup of the lab: suspend is not known",
  ]);
});

test("nothing is asked where no group is marked or started", async (t) => {
  const bench = open(t, []);
  bench.map("san0-a", "a", "Active", "253:1");
  assert.deepEqual(await bench.guard.freeze([]), []);
  assert.equal(bench.state("san0-a"), "Active");
});
