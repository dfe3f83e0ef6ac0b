/** Garbage at both ends of the hub's socket: the peer that sent it is turned out, nobody else suffers. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { connectHubControl } from "../../../src/adapters/loopback/control.ts";
import { openLoopbackEngine } from "../../../src/adapters/loopback/engine.ts";
import { FRAME_BYTES_MAX, writeFrame } from "../../../src/adapters/loopback/frame.ts";
import { openHub } from "../../../src/adapters/loopback/hub.ts";
import { encodeStamp, FRAME, formatJson } from "../../../src/adapters/loopback/protocol.ts";

const RUNS = 150;
const NODE = { votes: 1, expectedVotes: 1, twoNode: false };

async function socketPath(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "bouncer-fuzz-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return join(dir, "hub.sock");
}

const hello = formatJson({ version: 1, nodeId: 9, processId: "9", ...NODE });
const frameType = fc.constantFrom(...Object.values(FRAME), 0, 255);
const json = fc.json().map((text) => Buffer.from(text));
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const frame = fc.record({ type: frameType, body: fc.oneof(bytes, json) });
const attack = fc.oneof(
  fc.record({ raw: bytes }),
  fc.record({ greet: fc.boolean(), frames: fc.array(frame, { maxLength: 8 }) }),
  fc.constant({ raw: Buffer.from([0xff, 0xff, 0xff, 0xff, 1]) }),
  fc.constant({ raw: lengthOf(FRAME_BYTES_MAX + 1) }),
);

function lengthOf(bytes: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(bytes, 0);
  return header;
}

/** Resolves when the peer has closed, after we have said all we had to say. */
function assault(socket: Socket, send: () => void): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.resume();
    send();
    socket.end();
  });
}

describe("loopback against garbage", () => {
  it("the hub survives any frames, and serves its members on", async (t) => {
    const path = await socketPath(t);
    const hub = await openHub({ socketPath: path, tokenMs: 60_000 });
    t.after(() => hub.close());
    let onText = (_: string): void => {};
    const witness = await openLoopbackEngine(
      { hubPath: path, nodeId: 1, ...NODE },
      {
        onView() {},
        onQuorum() {},
        onMessage: (_, payload) => onText(Buffer.from(payload).toString()),
        onLost: (why) => assert.fail(why),
      },
    );
    t.after(() => witness.close());
    const control = await connectHubControl(path);
    t.after(() => control.close());
    await fc.assert(
      fc.asyncProperty(attack, fc.nat(), async (what, count) => {
        const socket = connect(path);
        await assault(socket, () => {
          if ("raw" in what) socket.write(what.raw);
          else {
            if (what.greet) writeFrame(socket, FRAME.hello, hello);
            for (const { type, body } of what.frames) writeFrame(socket, type, body);
          }
        });
        const heard = new Promise<string>((resolve) => {
          onText = resolve;
        });
        await control.healAll(); // Garbage may well be a control request to cut.
        assert.ok(witness.multicast(Buffer.from(`alive ${count}`)));
        assert.equal(await heard, `alive ${count}`);
      }),
      { numRuns: RUNS },
    );
  });

  it("the engine survives any frames, reports the loss and comes back", async (t) => {
    const path = await socketPath(t);
    const greeted: ((socket: Socket) => void)[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        writeFrame(socket, FRAME.welcome, encodeStamp(), formatJson({ tokenMs: 60_000 }));
        greeted.shift()?.(socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    t.after(() => server.close());
    const nextGreeting = (): Promise<Socket> => new Promise((resolve) => greeted.push(resolve));

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(frame, fc.record({ raw: bytes })), { maxLength: 6 }),
        async (frames) => {
          const greeting = nextGreeting();
          const lost = Promise.withResolvers<string>();
          const engine = await openLoopbackEngine(
            { hubPath: path, nodeId: 1, ...NODE },
            { onView() {}, onQuorum() {}, onMessage() {}, onLost: lost.resolve },
          );
          const socket = await greeting;
          for (const item of frames) {
            if ("raw" in item) socket.write(item.raw);
            else writeFrame(socket, item.type, encodeStamp(), item.body);
          }
          socket.end();
          const again = nextGreeting();
          assert.match(await lost.promise, /hub/);
          (await again).destroy();
          await engine.close();
        },
      ),
      { numRuns: 25 },
    );
  });
});
