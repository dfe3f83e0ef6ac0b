/** Locks between real daemons: through the library, the command line, and a daemon that dies. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openLocks } from "../../src/adapters/locks/client.ts";
import { locksSocketOf } from "../../src/api/locks.ts";
import type { Locks } from "../../src/api/locks-client.ts";
import { createRig, type Daemon, type Rig } from "./daemon-rig.ts";

const BOUNCER = join(import.meta.dirname, "../../bouncer");

async function openRig(t: TestContext): Promise<{ rig: Rig; daemons: Map<string, Daemon> }> {
  const rig = createRig(t);
  await rig.openHub();
  const daemons = new Map<string, Daemon>();
  for (const node of ["n1", "n2"]) daemons.set(node, start(rig, node));
  for (const daemon of daemons.values()) await daemon.says("storage is released");
  return { rig, daemons };
}

function start(rig: Rig, node: string): Daemon {
  return rig.run([...rig.args(node), "--join"], { socket: rig.socket(node) });
}

async function locksOn(t: TestContext, rig: Rig, node: string): Promise<Locks> {
  const locks = await openLocks(locksSocketOf(rig.socket(node)), `test on ${node}`);
  t.after(() => locks.close());
  return locks;
}

function command(
  rig: Rig,
  node: string,
  args: readonly string[],
): { child: ChildProcess; code: Promise<number> } {
  const child = spawn(BOUNCER, ["--socket", rig.socket(node), ...args], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  child.stderr?.resume();
  return { child, code: once(child, "exit").then(([code]) => code as number) };
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("two nodes: exclusion, values, refusals, blocking notices, and who holds what", async (t) => {
  const { rig, daemons } = await openRig(t);
  const [one, two] = [await locksOn(t, rig, "n1"), await locksOn(t, rig, "n2")];
  assert.deepEqual([one.cluster, one.node, two.node], ["rig", "n1", "n2"]);
  const blocked = Promise.withResolvers<string>();
  const first = await one.lock("vm-101", { onBlocking: blocked.resolve });
  assert.equal(first.mode, "EX");
  await assert.rejects(two.lock("vm-101", { noQueue: true }), { code: "LCK_BUSY" });
  await assert.rejects(two.lock("vm-101", { signal: AbortSignal.timeout(100) }), { code: "LCK_CANCELLED" });
  const second = two.lock("vm-101", { mode: "PR" });
  assert.equal(await blocked.promise, "EX"); // The first that asked.
  await until(() => existsSync(rig.socket("n1")));
  const seen = await daemons.get("n1")?.client.locks({});
  const held = seen?.resources[0]?.locks ?? [];
  assert.deepEqual(
    held.map(({ node, mode, wants, why }) => [node, mode, wants, why]),
    [
      ["n1", "EX", undefined, undefined],
      ["n2", undefined, "PR", "n1 (test on n1) holds EX"],
    ],
  );
  await first.release("AQID");
  const reader = await second;
  assert.deepEqual([reader.mode, reader.value], ["PR", { data: "AQID", valid: true }]);
  await reader.convert("EX");
  assert.equal(reader.mode, "EX");
  await reader.release();
});

test("rubbish is answered and cut off, and others are unharmed", async (t) => {
  const { rig } = await openRig(t);
  const locks = await locksOn(t, rig, "n1");
  const held = await locks.lock("a");
  const path = locksSocketOf(rig.socket("n1"));
  const says = async (text: string): Promise<string> => {
    const socket = connect(path);
    socket.write(text);
    let answer = "";
    for await (const chunk of socket.setEncoding("utf8")) answer += chunk;
    return answer;
  };
  const hello = `{"op":"hello","version":1,"pid":${process.pid}`;
  assert.match(await says("rubbish\n"), /"error".*no JSON/);
  assert.match(await says(`${"x".repeat(5_000)}\n`), /longer than 4096 bytes/);
  assert.match(await says('{"op":"lock"}\n'), /Invalid input/);
  assert.match(await says('{"op":"unlock","n":1}\n'), /the first line must be a \\"hello\\"/);
  assert.match(await says('{"op":"hello","version":9,"pid":1}\n'), /version 9 is not spoken here/);
  assert.match(await says('{"op":"hello","version":1,"pid":999999999}\n'), /there is no process/);
  assert.match(
    await says(`${hello},"cluster":"other"}\n`),
    /a node of the cluster \\"rig\\", not of \\"other\\"/,
  );
  const bad = `{"op":"lock","n":1,"lockspace":"a/b","name":"x","mode":"EX"}\n`;
  assert.match(await says(`${hello}}\n${bad}`), /letters, digits/);
  await held.release();
});

test("a client that dies gives its locks back; persistent ones stay until they are taken over and released", async (t) => {
  const { rig } = await openRig(t);
  const [one, two] = [await locksOn(t, rig, "n1"), await locksOn(t, rig, "n2")];
  await one.lock("mine");
  await one.lock("hosts", { persistent: true });
  one.close();
  await (await two.lock("mine")).release();
  await assert.rejects(two.lock("hosts", { noQueue: true }), { code: "LCK_BUSY" });
  const again = await locksOn(t, rig, "n1");
  await assert.rejects(again.adopt("mine"), { code: "LCK_UNKNOWN" });
  await (await again.adopt("hosts")).release();
  await (await two.lock("hosts", { noQueue: true })).release();
});

test("a daemon that dies: its clients hear of it, and nobody gets their locks before they are gone", async (t) => {
  const { rig, daemons } = await openRig(t);
  const [one, two] = [await locksOn(t, rig, "n1"), await locksOn(t, rig, "n2")];
  const lost = Promise.withResolvers<string>();
  await one.lock("a", { onLost: lost.resolve });
  await one.lock("b", { persistent: true });
  daemons.get("n1")?.process.kill("SIGKILL");
  assert.match(await lost.promise, /connection to bouncerd ended/);
  const daemon = start(rig, "n1");
  await daemon.says("storage is released");
  // This very process is the owner, and lives: both stay.
  await assert.rejects(two.lock("a", { noQueue: true }), { code: "LCK_BUSY" });
  await assert.rejects(two.lock("b", { noQueue: true }), { code: "LCK_BUSY" });
});

test("bouncer lock: runs the command under the lock, and ends it when the lock is lost", async (t) => {
  const { rig, daemons } = await openRig(t);
  const file = join(rig.directory, "log");
  appendFileSync(file, "");
  const two = await locksOn(t, rig, "n2");
  const script = `echo begun >> ${file}; while :; do sleep 0.05; done`;
  const { code } = command(rig, "n1", ["lock", "job", "--", "sh", "-c", script]);
  await until(() => readFileSync(file, "utf8") === "begun\n");
  await assert.rejects(two.lock("job", { noQueue: true }), { code: "LCK_BUSY" });
  assert.equal(await command(rig, "n2", ["lock", "--try", "job", "true"]).code, 5);
  assert.equal(await command(rig, "n2", ["lock", "--wait", "1s", "job", "true"]).code, 5);
  assert.equal(await command(rig, "n2", ["lock", "--lockspace", "other:default", "free", "true"]).code, 2);
  assert.equal(await command(rig, "n2", ["lock", "free", "--", "sh", "-c", "exit 7"]).code, 7);
  daemons.get("n1")?.process.kill("SIGKILL");
  assert.equal(await code, 3);
});

test("bouncer lock: killed, its command is ended before anybody else has the lock", async (t) => {
  const { rig } = await openRig(t);
  const file = join(rig.directory, "log");
  appendFileSync(file, "");
  const script = `while :; do echo x >> ${file}; done`;
  const { child } = command(rig, "n1", ["lock", "job", "--", "sh", "-c", script]);
  await until(() => readFileSync(file, "utf8").length > 0);
  const two = await locksOn(t, rig, "n2");
  const next = two.lock("job");
  child.kill("SIGKILL");
  const held = await next;
  const size = readFileSync(file).length;
  await held.release();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(readFileSync(file).length, size);
});
