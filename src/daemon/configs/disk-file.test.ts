import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { CONFIG_NONE } from "../../core/configuration/stamp.ts";
import { LEDGER_EMPTY } from "../../core/ledger.ts";
import type { State } from "../../core/state.ts";
import { createDiskFile, type DiskFile, type FileStatus } from "./disk-file.ts";
import { digestOf } from "./text-store.ts";

const text = (version: number, more = ""): string =>
  `<cluster name="c" config_version="${version}">\n  <!-- mine -->${more}\n</cluster>\n`;
const bytes = (of: string): Uint8Array => new TextEncoder().encode(of);

interface Rig {
  readonly path: string;
  readonly file: DiskFile;
  /** The cluster says that this is in force. */
  inForce(version: number, of: string): void;
  /** Until the file's status is like this. */
  until(holds: (status: FileStatus) => boolean): Promise<FileStatus>;
}

function rig(t: TestContext, known: readonly string[] = [], size?: string): Rig {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-disk-file-"));
  if (size !== undefined) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  t.after(() => {
    if (size !== undefined) execFileSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const texts = new Map<string, Uint8Array>();
  const changed: (() => void)[] = [];
  const file = createDiskFile({
    path: join(folder, "cluster.conf"),
    bytes: (digest) => texts.get(digest),
    isKnown: async (digest) => known.some((one) => digestOf(bytes(one)) === digest),
    story: { say: () => {} },
    onChange: () => {
      for (const wake of changed.splice(0)) wake();
    },
  });
  t.after(file.close);
  return {
    path: join(folder, "cluster.conf"),
    file,
    inForce(version, of) {
      const digest = digestOf(bytes(of));
      texts.set(digest, bytes(of));
      const config = { ...CONFIG_NONE, version, digest };
      const ledger = { ...LEDGER_EMPTY, established: true, epoch: { ...LEDGER_EMPTY.epoch, config } };
      file.onStep({ ledger } as State);
    },
    async until(holds) {
      while (!holds(file.status())) await new Promise<void>((resolve) => changed.push(resolve));
      return file.status();
    },
  };
}

const isSame = ({ state }: FileStatus): boolean => state === "same";

test("an older file is replaced by the very text, mode 0640, and kept when nobody knew it", async (t) => {
  const { path, file, inForce, until } = rig(t);
  writeFileSync(path, text(3, " my work"));
  inForce(4, text(4));
  await until(isSame);
  assert.equal(readFileSync(path, "utf8"), text(4));
  assert.equal(statSync(path).mode & 0o777, 0o640);
  assert.equal(readFileSync(`${path}.before-3`, "utf8"), text(3, " my work"));
  assert.equal(file.warning(), undefined);
});

test("a file that the cluster knew, or that became what is in force, is not kept", async (t) => {
  const { path, inForce, until } = rig(t, [text(3)]);
  writeFileSync(path, text(3));
  writeFileSync(`${path}.new`, text(3, " edited"));
  inForce(4, text(4, " edited"));
  await until(isSame);
  inForce(5, text(5, " edited"));
  await until(({ state, version }) => state === "same" && version === 5);
  assert.deepEqual(readdirSync(join(path, "..")), ["cluster.conf"]);
});

test("a newer file and one that makes no sense are somebody's work: they are left alone", async (t) => {
  for (const mine of [text(9), "<cluster"]) {
    const { path, file, inForce, until } = rig(t);
    writeFileSync(path, mine);
    inForce(4, text(4));
    await until(({ state }) => state === "newer" || state === "unreadable");
    assert.equal(readFileSync(path, "utf8"), mine);
    assert.match(file.warning() ?? "", /candidate|makes no sense/);
  }
});

test("a file of the same version that differs is left alone at the start, and replaced by an activation", async (t) => {
  const { path, file, inForce, until } = rig(t);
  writeFileSync(path, text(4, " edited without raising the version"));
  inForce(4, text(4));
  await until(({ state }) => state === "differs");
  assert.match(file.warning() ?? "", /both are version 4/);
  inForce(5, text(5));
  await until(isSame);
  assert.ok(existsSync(`${path}.before-4`));
});

test("a disk that refuses leaves the old file whole, says so, and gets it later", async (t) => {
  const { path, file, inForce, until } = rig(t, [text(3)]);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  writeFileSync(path, text(3));
  // What stands where the temporary file would be written fails the write, also for root.
  const temporary = join(path, "..", `.cluster.conf.bouncer-${process.pid}`);
  mkdirSync(temporary);
  writeFileSync(join(temporary, "in-the-way"), "");
  inForce(4, text(4));
  const { problem } = await until((status) => status.problem !== undefined);
  assert.match(problem ?? "", /could not be written/);
  assert.match(file.warning() ?? "", /the file is old, nothing reads it \(it could not be written/);
  assert.equal(readFileSync(path, "utf8"), text(3));
  rmSync(temporary, { recursive: true });
  t.mock.timers.tick(30_000);
  await until(isSame);
  assert.equal(readFileSync(path, "utf8"), text(4));
});

test("without a file one is written, in a folder that is there", async (t) => {
  const { path, inForce, until } = rig(t);
  chmodSync(join(path, ".."), 0o755);
  inForce(4, text(4));
  await until(isSame);
  assert.equal(readFileSync(path, "utf8"), text(4));
});

test("on a full disk the old file stays whole, nothing is left beside it, and the next one gets there", {
  skip: process.getuid?.() !== 0 && "needs root",
}, async (t) => {
  const old = text(3, " my work".repeat(2_000));
  const { path, file, inForce, until } = rig(t, [old], "64k");
  writeFileSync(path, old, { mode: 0o600 });
  const ballast = join(dirname(path), "ballast");
  assert.throws(() => writeFileSync(ballast, Buffer.alloc(1024 * 1024)), /ENOSPC/);
  inForce(4, text(4, " grown".repeat(4_000)));
  const { problem, state } = await until((status) => status.problem !== undefined);
  assert.match(problem ?? "", /it could not be written: ENOSPC/);
  assert.equal(state, "older");
  assert.match(file.warning() ?? "", /is version 3, while version 4 is in force.*ENOSPC/);
  assert.deepEqual([readFileSync(path, "utf8"), statSync(path).mode & 0o777], [old, 0o600]);
  assert.deepEqual(readdirSync(dirname(path)).sort(), ["ballast", "cluster.conf"]);
  rmSync(ballast);
  inForce(5, text(5));
  await until(isSame);
  assert.equal(readFileSync(path, "utf8"), text(5));
});
