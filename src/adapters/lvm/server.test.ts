import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Fields, REQUEST_BYTES_MAX } from "./message.ts";
import { openLvmServer } from "./server.ts";

async function open(t: TestContext, answer: (request: Fields) => Promise<Fields>) {
  const folder = mkdtempSync(join(tmpdir(), "lvm-"));
  const socket = join(folder, "lvm", "s");
  let closed = 0;
  const close = await openLvmServer({ socket, pidFile: join(folder, "pid") }, () => ({
    answer,
    close: () => void closed++,
  }));
  t.after(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });
  /** What comes back until the server closes. */
  const say = (text: string, end: boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      let said = "";
      const client = connect(socket, () => (end ? client.end(text) : client.write(text)));
      client.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
      });
      client.on("close", () => resolve(said));
      client.on("error", reject);
    });
  return { say, closed: () => closed };
}

test("a request that is cut off has a reply, and so has one that is too long", async (t) => {
  const { say } = await open(t, async () => ({ response: "OK" }));
  assert.match(await say('request="lock_vg"\ncmd ="v', true), /^response = "failed"\nresult = -22\n/);
  assert.match(await say("x".repeat(REQUEST_BYTES_MAX + 1), false), /^response = "failed"/);
  assert.match(await say("a=1\n##\n".repeat(17), false), /response = "failed"/);
});

test("requests are answered one after another, in their order", async (t) => {
  const { say } = await open(t, async ({ n = 0 }) => ({ n }));
  const said = say("n = 1\n##\nn = 2\n##\nn = 3\n##\nrest", true);
  assert.match(await said, /response = "failed"/);
});

test("a command that ends while it waits is let go at once", async (t) => {
  const { say, closed } = await open(t, () => new Promise(() => {}));
  assert.equal(await say('request="lock_gl"\n##\n', true), "");
  assert.equal(closed(), 1);
});
