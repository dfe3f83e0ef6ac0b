import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { watchFds } from "./fd-watch.ts";
import { close, eventfd, read, write } from "./native.ts";

/** More than any pool of threads has. */
const HUNG = 64;
const EFD_NONBLOCK = 0o4000;

test("a disk that hangs, and holds every thread of the pool, makes nobody deaf", {
  timeout: 30_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-fd-watch-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const disk = join(folder, "disk");
  execFileSync("mkfifo", [disk]);
  const fd = eventfd(0, EFD_NONBLOCK) as number;
  const one = Buffer.from(BigUint64Array.of(1n).buffer);
  let heard = (): void => {};
  const ring = async (): Promise<void> => {
    const answered = new Promise<void>((resolve) => {
      heard = resolve;
    });
    write(fd, one, 8);
    await answered;
  };
  const counter = Buffer.alloc(8);
  const watch = watchFds(
    [
      {
        fd,
        onReady() {
          if (read(fd, counter, 8) === 8) heard();
        },
      },
    ],
    (why) => assert.fail(why),
  );
  await ring();
  // Each waits inside the kernel for a writer, as a look at a dead disk does.
  const hung = Array.from({ length: HUNG }, () => open(disk, "r"));
  for (let round = 0; round < 3; round++) await ring();
  const writer = openSync(disk, "w");
  for (const handle of await Promise.all(hung)) await handle.close();
  closeSync(writer);
  await watch.stop();
  close(fd);
});
