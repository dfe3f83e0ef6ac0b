import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { LockClaim } from "../../core/locks/types.ts";
import { openHeldLog } from "./held-log.ts";
import { findProcess, isAlive } from "./processes.ts";

const claim = (id: number, mode: "EX" | "PR" = "EX"): LockClaim => ({
  lockspace: "ls",
  name: "ü",
  id,
  mode,
  owner: "o",
});

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-held-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "held");
}

test("held log: a restart finds what is held, another boot finds nothing", (t) => {
  const path = place(t);
  const log = openHeldLog(path, "boot 1");
  const process = { pid: 1, startTime: "5" };
  log.hold({ claim: claim(1), process });
  log.hold({ claim: claim(2) });
  log.hold({ claim: claim(1, "PR"), process });
  log.drop(2);
  log.close();
  const again = openHeldLog(path, "boot 1");
  assert.deepEqual(again.found, [{ claim: claim(1, "PR"), process }]);
  again.close();
  const rebooted = openHeldLog(path, "boot 2");
  assert.deepEqual(rebooted.found, []);
  rebooted.close();
});

test("held log: a torn or foreign line costs that line alone", (t) => {
  const path = place(t);
  const log = openHeldLog(path, "b");
  log.hold({ claim: claim(1) });
  log.flush();
  appendFileSync(path, '{"claim":{"lockspace":"../x"}}\n{"drop":"1"}\n{"claim":{"locksp');
  log.close();
  const again = openHeldLog(path, "b");
  assert.deepEqual(again.found, [{ claim: claim(1) }]);
  assert.equal(readFileSync(path, "utf8").split("\n").length, 3);
  again.close();
});

test("held log: does not grow with the number of changes", (t) => {
  const path = place(t);
  const log = openHeldLog(path, "b");
  for (let i = 0; i < 60_000; i++) {
    log.hold({ claim: claim(1) });
    log.drop(1);
    if (i % 7 === 0) log.flush();
  }
  log.flush();
  assert.ok(statSync(path).size < 4.5 * 1024 * 1024);
  log.close();
});

test("held log: with much that is held, a change writes that change and not everything", (t) => {
  const path = place(t);
  const log = openHeldLog(path, "b");
  const long = { owner: "o".repeat(64), name: "n".repeat(64) };
  for (let id = 1; id <= 20_000; id++) log.hold({ claim: { ...claim(id), ...long } });
  log.flush();
  const files = new Set<number>();
  for (let id = 1; id <= 50; id++) {
    log.drop(id);
    log.flush();
    files.add(statSync(path).ino);
  }
  assert.equal(files.size, 1, "one and the same file");
  log.close();
  assert.equal(openHeldLog(path, "b").found.length, 19_950);
});

test("processes: told apart by their start", () => {
  const self = findProcess(process.pid) ?? assert.fail();
  assert.equal(isAlive(self), true);
  assert.equal(isAlive({ ...self, startTime: "1" }), false);
  assert.equal(findProcess(0), undefined);
  assert.equal(findProcess(999_999_999), undefined);
});

const FILLER = `
import { openHeldLog } from ${JSON.stringify(new URL("./held-log.ts", import.meta.url).href)};
const log = openHeldLog(process.argv[1], "b1");
let told = 0;
try {
  for (let id = 1; id <= 1_000; id++) {
    log.hold({ claim: { lockspace: "vms", name: "vm-" + id, id, mode: "EX", owner: "root" } });
    log.flush();
    told = id;
  }
} catch {}
console.log(told);
`;

test("on a full disk nobody is told of a lock that is not written down whole", (t) => {
  const path = place(t);
  // The kernel takes what still fits, and only the next write fails.
  const argv = ["--fsize=4097", process.execPath, "--input-type=module", "-e", FILLER, path];
  const told = Number(execFileSync("prlimit", argv, { encoding: "utf8" }));
  assert.ok(told > 10 && told < 1_000, `${told} fitted`);
  assert.equal(openHeldLog(path, "b1").found.length, told);
});
