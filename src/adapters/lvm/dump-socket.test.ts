/** The datagrams of a dump, read from a socket as `lvmlockctl` has one. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import koffi from "koffi";
import { sendDump } from "./dump-socket.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;
const ROOM = 64 * 1024;

const libc = koffi.load("libc.so.6");
const socket = libc.func("int socket(int domain, int type, int protocol)");
const bind = libc.func("int bind(int fd, const void *to, uint32_t length)");
const recv = libc.func("long recv(int fd, _Out_ void *into, size_t bytes, int flags)");
const close = libc.func("int close(int fd)");

/** An abstract socket of that name; `read` takes one datagram, undefined: there is none now. */
function listen(t: TestContext, name: string) {
  const fd = socket(AF_UNIX, SOCK_DGRAM, 0) as number;
  t.after(() => void close(fd));
  const address = Buffer.concat([Buffer.from([AF_UNIX, 0, 0]), Buffer.from(name)]);
  assert.equal(bind(fd, address, address.length), 0);
  return function read(): Buffer | undefined {
    const into = Buffer.alloc(ROOM);
    const bytes = Number(recv(fd, into, ROOM, MSG_DONTWAIT));
    return bytes < 0 ? undefined : into.subarray(0, bytes);
  };
}

const nameOf = (what: string): string => `bouncer-test-${process.pid}-${what}`;

test("a text arrives whole and in order, in datagrams that fit", async (t) => {
  const read = listen(t, nameOf("whole"));
  const text = Array.from({ length: 20_000 }, (_, line) => `info=lk é ${line}\n`).join("");
  const parts: Buffer[] = [];
  let isOver = false;
  const sending = sendDump(text, nameOf("whole")).finally(() => (isOver = true));
  while (!isOver || Buffer.concat(parts).length < Buffer.byteLength(text)) {
    const part = read();
    if (part === undefined) await new Promise((resolve) => setImmediate(resolve));
    else parts.push(part);
  }
  assert.equal(await sending, true);
  assert.equal(Buffer.concat(parts).toString(), text);
  assert.ok(parts.every((part) => part.length <= 32 * 1024));
  assert.ok(parts.length > 10, "more than a queue has room for: it had to wait for the reader");
});

test("whoever is not there, or does not read, is given up after a bound", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  listen(t, nameOf("deaf"));
  for (const [name, text] of [
    [nameOf("nobody"), "info=structs\n"],
    [nameOf("deaf"), "x".repeat(4 * 1024 * 1024)],
  ] as const) {
    let sent: boolean | undefined;
    void sendDump(text, name).then((whole) => (sent = whole));
    let waits = 0;
    for (; sent === undefined && waits < 1_000; waits++) {
      t.mock.timers.tick(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(sent, false, name);
    assert.ok(waits >= 200 && waits < 300, `${name}: given up after ${waits} waits`);
  }
});

test("a slow reader has that time for each part anew", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const read = listen(t, nameOf("slow"));
  const text = "x".repeat(12 * 32 * 1024);
  let sent: boolean | undefined;
  void sendDump(text, nameOf("slow")).then((whole) => (sent = whole));
  let bytes = 0;
  for (let waits = 0; sent === undefined; waits++) {
    if (waits % 150 === 149) bytes += read()?.length ?? 0;
    t.mock.timers.tick(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (let part = read(); part !== undefined; part = read()) bytes += part.length;
  assert.deepEqual([sent, bytes], [true, text.length]);
});
