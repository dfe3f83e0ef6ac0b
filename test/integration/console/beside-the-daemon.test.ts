import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { openUnixTransport } from "../../../src/adapters/http/unix-client.ts";
import { createConsoleClient } from "../../../src/api/client.ts";
import { shellSocketOf } from "../../../src/api/console.ts";
import { processTree } from "../../../src/demo/process-tree.ts";
import { createRig } from "../daemon-rig.ts";

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

test("the console is started again when it ends, and ends with the daemon", async (t) => {
  const rig = createRig(t);
  await rig.openHub();
  const listen = ["--listen", `127.0.0.1:${await freePort()}`];
  const daemon = rig.run([...rig.args("n1"), ...listen], { socket: rig.socket("n1") });
  await daemon.says("the console listens");
  const pid = daemon.process.pid ?? 0;
  const [child = 0] = processTree(pid).filter((one) => one !== pid);
  process.kill(child, "SIGKILL");
  await daemon.says("the console ended");
  const { warnings } = await daemon.client.status();
  assert.ok(warnings.some((warning) => warning.startsWith("the console: it ended")));
  const second = processTree(pid);
  assert.ok(!second.includes(child));
  const shell = createConsoleClient(openUnixTransport(shellSocketOf(rig.socket("n1"))));
  for (;;) {
    const answer = await shell.users().catch(() => undefined);
    if (answer !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [third = 0] = processTree(pid).filter((one) => one !== pid);
  daemon.process.kill("SIGKILL");
  await daemon.ended;
  for (;;) {
    try {
      process.kill(third, 0);
    } catch {
      break; // It is gone, as it has to be.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test("without --listen there is one process, and a port that is taken does not stop the daemon", async (t) => {
  const rig = createRig(t);
  await rig.openHub();
  const alone = rig.run(rig.args("n1"), { socket: rig.socket("n1") });
  await alone.says("listens on");
  assert.deepEqual(processTree(alone.process.pid ?? 0), [alone.process.pid]);
  const taken = createServer().listen(0, "127.0.0.1");
  t.after(() => taken.close());
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const other = rig.run([...rig.args("n2"), "--listen", `127.0.0.1:${port}`], { socket: rig.socket("n2") });
  await other.says("cannot listen on 127.0.0.1");
  assert.equal((await other.client.status()).node, "n2");
});
