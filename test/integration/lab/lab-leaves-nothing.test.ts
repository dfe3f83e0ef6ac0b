/** However a lab's controller ends, and whenever: no process, mount or network link stays behind. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { labIsMissing } from "./requirements.ts";
import { leftovers, processesMarked, TRACE, untilGone } from "./traces.ts";

const OPTIONS = { skip: labIsMissing(), timeout: 120_000 };
const MAIN = fileURLToPath(new URL("../../../src/lab/main.ts", import.meta.url));
/** Units: ms. A lab of two bare nodes takes about half of it to start. */
const MOMENT_MS_MAX = 1_500;
const ROUNDS = 4;

function startLab(mark: string): ChildProcess {
  const args = [MAIN, "serve", "--nodes", "2", "--bare"];
  return spawn(process.execPath, args, { env: { ...process.env, [TRACE]: mark }, stdio: "pipe" });
}

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT"] as const) {
  test(`a controller that ends by ${signal} at any moment leaves nothing`, OPTIONS, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const mark = randomUUID();
      const moment = randomInt(MOMENT_MS_MAX);
      const controller = startLab(mark);
      const ended = once(controller, "exit");
      try {
        await sleep(moment); // Not waiting for anything: the point is to strike at a random moment.
        controller.kill(signal);
        await ended;
        await untilGone(mark).catch((error: Error) => {
          throw new Error(`after ${signal} at ${moment} ms: ${error.message}`);
        });
        assert.deepEqual(await leftovers(), [], `after ${signal} at ${moment} ms`);
      } finally {
        controller.kill("SIGKILL");
      }
    }
  });
}

test("a controller that is killed while its lab runs leaves nothing", OPTIONS, async () => {
  const mark = randomUUID();
  const controller = startLab(mark);
  try {
    await once(controller.stdout as NodeJS.ReadableStream, "data");
    const running = processesMarked(mark).join("\n");
    assert.match(running, /corosync -f/);
    assert.match(running, /ipmi_sim/);
    const ended = once(controller, "exit");
    controller.kill("SIGKILL");
    await ended;
    await untilGone(mark);
    assert.deepEqual(await leftovers(), []);
  } finally {
    controller.kill("SIGKILL");
  }
});
