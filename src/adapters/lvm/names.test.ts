import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseVolumes } from "./device-mapper.ts";
import { lockspaceOf, parseMappedName, parseMappedUuid, uuidOfStarted, volumeOwner } from "./names.ts";
import { findOwnDevices } from "./own-devices.ts";
import { parseVolumePath } from "./refresh.ts";

const GROUP = "qet3ghzD0vXfCBlme1pYYd68sxEi9Rbd";
const VOLUME = "INdQ5iRWwBvRLGMSwjn7CozScBnR0GZT";

test("a mapped volume is told apart from what it is made of", () => {
  assert.deepEqual(parseMappedUuid(`LVM-${GROUP}${VOLUME}`), {
    group: "qet3gh-zD0v-XfCB-lme1-pYYd-68sx-Ei9Rbd",
    volume: "INdQ5i-RWwB-vRLG-MSwj-n7Co-zScB-nR0GZT",
  });
  assert.equal(parseMappedUuid(`LVM-${GROUP}${VOLUME}-cow`), undefined);
  assert.equal(parseMappedUuid("CRYPT-LUKS2-x"), undefined);
  assert.deepEqual(parseMappedName("san--a-vm--101--disk--0"), { group: "san-a", volume: "vm-101-disk-0" });
  assert.equal(parseMappedName("control"), undefined);
  const lines = `san0-a|LVM-${GROUP}${VOLUME}|2|Suspended|253:4\nluks|CRYPT-1|1|Active|253:0\n`;
  const [only, ...others] = parseVolumes(lines);
  assert.deepEqual(
    [only?.group, only?.volume, only?.open, only?.suspended, only?.device],
    ["san0", "a", 2, true, "253:4"],
  );
  assert.equal(others.length, 0);
});

test("names of groups, owners and paths", () => {
  assert.equal(lockspaceOf("san0"), "lvm_san0");
  assert.equal(lockspaceOf("global"), undefined);
  assert.equal(lockspaceOf("a/b"), undefined);
  assert.equal(
    uuidOfStarted("VG qet3gh-zD0v-XfCB-lme1-pYYd-68sx-Ei9Rbd"),
    "qet3gh-zD0v-XfCB-lme1-pYYd-68sx-Ei9Rbd",
  );
  assert.equal(uuidOfStarted("this host"), undefined);
  assert.equal(volumeOwner("vm-1", "lvchange (pid 1)"), "vm-1 by lvchange (pid 1)");
  assert.equal(volumeOwner("v".repeat(127), "lvchange (pid 1)").length, 64);
  assert.deepEqual(parseVolumePath("/dev//san0/vm-1"), { group: "san0", volume: "vm-1" });
  for (const path of ["/dev/san0", "/dev//-a/b", "/dev//a/b c", "/etc//a/b", "/dev//a/b\n"]) {
    assert.equal(parseVolumePath(path), undefined, path);
  }
});

test("what the root file system is made of is our own, down to the last device", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "own-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const slaves = join(folder, "sys/dev/block/253:9/slaves");
  mkdirSync(join(slaves, "dm-1"), { recursive: true });
  writeFileSync(join(slaves, "dm-1", "dev"), "253:1\n");
  mkdirSync(join(folder, "proc/self"), { recursive: true });
  const root = join(folder, "root");
  symlinkSync("/dev/null", root); // A device whose numbers are known: 1:3.
  writeFileSync(join(folder, "proc/swaps"), `Filename Type\n${root} partition 1 1 1\n`);
  mkdirSync(join(folder, "sys/dev/block/1:3/slaves/dm-9"), { recursive: true });
  writeFileSync(join(folder, "sys/dev/block/1:3/slaves/dm-9/dev"), "253:9\n");
  const own = findOwnDevices({ folders: [], proc: join(folder, "proc"), sys: join(folder, "sys") });
  assert.deepEqual([...own], ["1:3", "253:9", "253:1"]);
});
