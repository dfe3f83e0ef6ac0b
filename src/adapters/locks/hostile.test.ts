/** Clients that flood, stall, die, send rubbish or ask for a million locks: they are limited, others unharmed. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { CLIENT_LOCKS_MAX } from "../../api/locks.ts";
import type { LockEvent } from "../../core/locks/types.ts";
import type { LockDesk } from "../../ports/lock-desk.ts";
import { openLocks } from "./client.ts";
import { LOCK_CLIENTS_MAX, openLocksServer } from "./server.ts";

interface Rig {
  readonly path: string;
  /** Numbers of the locks that were asked for, and that were given back. */
  readonly asked: number[];
  readonly returned: Set<number>;
  /** Answers every wish at once while true. */
  generous: boolean;
}

async function open(t: TestContext): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-locks-"));
  const rig: Rig = { path: join(folder, "locks.sock"), asked: [], returned: new Set(), generous: true };
  const owners = new Map<number, (event: LockEvent) => void>();
  const tell = (event: LockEvent): void => void setImmediate(() => owners.get(event.id)?.(event));
  const desk: LockDesk = {
    lock({ mode }, _process, onEvent) {
      const id = rig.asked.length + 1;
      rig.asked.push(id);
      owners.set(id, onEvent);
      if (rig.generous) tell({ type: "granted", id, mode });
      return id;
    },
    convert: (id, mode) => tell({ type: "granted", id, mode }),
    unlock(id) {
      rig.returned.add(id);
      tell({ type: "released", id });
    },
    cancel: () => {},
    adopt: () => undefined,
    abandon: () => {},
  };
  const close = await openLocksServer(rig.path, {
    desk,
    identity: () => ({ cluster: "c", node: "n1" }),
    findProcess: (pid) => ({ pid, startTime: "1" }),
  });
  t.after(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });
  return rig;
}

const HELLO = `${JSON.stringify({ op: "hello", version: 1, pid: 1 })}\n`;
const order = (n: number): string =>
  `${JSON.stringify({ op: "lock", n, lockspace: "ls", name: `r${n}`, mode: "EX" })}\n`;

async function speak({ path }: Rig, t: TestContext): Promise<Socket> {
  const socket = connect(path);
  socket.on("error", () => {}); // It is cut off: that is what is tested.
  t.after(() => socket.destroy());
  await once(socket, "connect");
  socket.write(HELLO);
  return socket;
}

/** A decent client on the same socket still gets its lock. */
async function othersAreServed(rig: Rig): Promise<void> {
  const locks = await openLocks(rig.path, "decent");
  await (await locks.lock("mine")).release();
  locks.close();
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setImmediate(resolve));
}

test("who asks for a million locks gets ten thousand, and a clear answer to the rest", async (t) => {
  const rig = await open(t);
  const socket = await speak(rig, t);
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const more = 50;
  for (let n = 1; n <= CLIENT_LOCKS_MAX + more; n++) socket.write(order(n));
  await until(() => text.split('"limit"').length > more);
  assert.equal(rig.asked.length, CLIENT_LOCKS_MAX);
  assert.match(text, new RegExp(`"refused","n":${CLIENT_LOCKS_MAX + 1},"why":"limit"`));
  await othersAreServed(rig);
});

test("who floods with wishes is not read from until they are answered", async (t) => {
  const rig = await open(t);
  rig.generous = false;
  const socket = await speak(rig, t);
  for (let n = 1; n <= 9_000; n++) socket.write(order(n));
  await until(() => rig.asked.length > 2_000);
  rig.generous = true;
  await othersAreServed(rig);
  assert.ok(rig.asked.length < 2_010, `${rig.asked.length} wishes were taken`);
});

test("who does not read the answers is not read from, and cut off when they are too many", async (t) => {
  const rig = await open(t);
  const socket = await speak(rig, t);
  socket.pause();
  let sent = 0;
  const unknown = `${JSON.stringify({ op: "unlock", n: 1 })}\n`.repeat(1_000);
  for (let i = 0; i < 200; i++) {
    if (!socket.write(unknown)) break;
    sent += 1_000;
  }
  await othersAreServed(rig);
  const before = socket.bytesWritten;
  await othersAreServed(rig);
  assert.equal(socket.bytesWritten, before, `${sent} orders went out, and nobody reads on`);
});

test("who dies has given everything back", async (t) => {
  const rig = await open(t);
  const socket = await speak(rig, t);
  for (let n = 1; n <= 100; n++) socket.write(order(n));
  await until(() => rig.asked.length === 100);
  socket.destroy();
  await until(() => rig.returned.size === 100);
  await othersAreServed(rig);
});

test("one client more than there may be is told so", async (t) => {
  const rig = await open(t);
  const sockets: Socket[] = [];
  for (let i = 0; i < LOCK_CLIENTS_MAX; i++) sockets.push(await speak(rig, t));
  const late = connect(rig.path);
  t.after(() => late.destroy());
  const [text] = await once(late.setEncoding("utf8"), "data");
  assert.match(String(text), /"error".*1000 clients are connected already/);
  sockets[0]?.destroy();
  for (let served = false; !served; )
    served = await othersAreServed(rig).then(
      () => true,
      () => false,
    );
});

test("fuzz: whatever is said, the answer is an error or news, and others are served", async (t) => {
  const rig = await open(t);
  const Line = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json({ maxDepth: 2 }),
    fc
      .record(
        {
          op: fc.constantFrom("hello", "lock", "adopt", "convert", "unlock", "cancel", "__proto__"),
          n: fc.oneof(fc.integer(), fc.constant(1)),
          version: fc.constantFrom(1, 2, "1"),
          pid: fc.integer(),
          lockspace: fc.constantFrom("ls", "../x", ""),
          name: fc.string({ maxLength: 80 }),
          mode: fc.constantFrom("EX", "PR", "XX"),
          value: fc.string({ maxLength: 100 }),
        },
        { requiredKeys: ["op"] },
      )
      .map((one) => JSON.stringify(one)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(Line, { maxLength: 8 }), fc.boolean(), async (lines, polite) => {
      const socket = connect(rig.path);
      socket.on("error", () => {});
      let text = "";
      socket.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      socket.end(`${polite ? HELLO : ""}${lines.map((line) => `${line.replaceAll("\n", " ")}\n`).join("")}`);
      await once(socket, "close");
      for (const line of text.split("\n").slice(0, -1)) {
        assert.ok(typeof (JSON.parse(line) as { event: unknown }).event === "string");
      }
    }),
    { numRuns: 200 },
  );
  await othersAreServed(rig);
});
