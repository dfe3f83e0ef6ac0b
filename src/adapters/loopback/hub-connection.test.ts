import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { createFrameReader, writeFrame } from "./frame.ts";
import { connectHub } from "./hub-connection.ts";
import {
  encodeMessageHeader,
  encodeStamp,
  FRAME,
  formatJson,
  machineNow,
  PROTOCOL_VERSION,
  STAMP_BYTES,
} from "./protocol.ts";

const TOKEN_MS = 10_000;
const HELLO = {
  version: PROTOCOL_VERSION,
  nodeId: 1,
  processId: "1",
  votes: 1,
  expectedVotes: 1,
  twoNode: false,
} as const;

/** A hub that says what the test wants said, and shows what it hears. */
async function fakeHub(
  t: TestContext,
  onFrame: (socket: Socket, type: number, body: Buffer) => void,
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "bouncer-fake-hub-"));
  const path = join(dir, "hub.sock");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on(
      "data",
      createFrameReader((type, body) => onFrame(socket, type, body)),
    );
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(dir, { recursive: true, force: true });
  });
  return path;
}

function sayMessage(socket: Socket, text: string, ageMs: number): void {
  const stamp = Buffer.alloc(STAMP_BYTES);
  stamp.writeDoubleBE(machineNow() - ageMs, 0);
  const header = encodeMessageHeader({ nodeId: 2, processId: "2" });
  writeFrame(socket, FRAME.message, stamp, header, Buffer.from(text));
}

describe("connection to the hub", () => {
  it("drops what waited while it slept, until the hub has resynchronised it", async (t) => {
    const path = await fakeHub(t, (socket, type, body) => {
      if (type === FRAME.hello) {
        writeFrame(socket, FRAME.welcome, encodeStamp(), formatJson({ tokenMs: TOKEN_MS }));
        sayMessage(socket, "in time", TOKEN_MS / 2);
        sayMessage(socket, "too old", TOKEN_MS);
        sayMessage(socket, "fresh, but after a gap", 0);
      }
      if (type === FRAME.resync) {
        sayMessage(socket, "before the hub knew", 0);
        writeFrame(socket, FRAME.resynced, encodeStamp(), body);
        sayMessage(socket, "after", 0);
      }
    });
    const heard: string[] = [];
    const done = Promise.withResolvers<void>();
    const connection = await connectHub(path, HELLO, {
      onView() {},
      onClosed: (why) => done.reject(new Error(why)),
      onMessage(_, payload) {
        heard.push(Buffer.from(payload).toString());
        if (heard.at(-1) === "after") done.resolve();
      },
    });
    await done.promise;
    assert.deepEqual(heard, ["in time", "after"]);
    await connection.leave(0);
  });

  it("says why the hub refuses it", async (t) => {
    const path = await fakeHub(t, (socket) => {
      writeFrame(socket, FRAME.refused, encodeStamp(), formatJson({ problem: "the hub is full" }));
    });
    const connecting = connectHub(path, HELLO, { onView() {}, onMessage() {}, onClosed() {} });
    await assert.rejects(connecting, /the hub refuses us: the hub is full/);
  });
});
