import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OUTPUT_BYTES_MAX, openBoundedOutput } from "./bounded-output.ts";
import { tryLock } from "./lock-file.ts";
import { openNotifier } from "./sd-notify.ts";

/** Node has no datagram sockets of the Unix kind: another program listens, as systemd would. */
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
path = sys.argv[1]
s.bind("\\0" + path[1:] if path.startswith("@") else path)
print("bound", flush=True)
print(s.recv(4096).decode(), flush=True)
`;

test("systemd hears us, on a path and on an abstract address", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-notify-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const address of [join(directory, "notify"), `@bouncer-test-${process.pid}`]) {
    const listener = spawn("python3", ["-c", LISTENER, address], { stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => listener.kill("SIGKILL"));
    const notifier = openNotifier({ NOTIFY_SOCKET: address, WATCHDOG_USEC: "4000000" });
    assert.equal(notifier.watchdogMs, 2_000);
    let heard = "";
    for await (const chunk of listener.stdout) {
      heard += String(chunk);
      if (heard === "bound\n") notifier.send("READY=1");
    }
    assert.equal(heard, "bound\nREADY=1\n");
  }
});

test("a systemd that is gone, or was never there, stops nothing", () => {
  for (const address of ["/nowhere/notify", "@nobody-listens-here", "relative", "", `/${"x".repeat(200)}`]) {
    openNotifier({ NOTIFY_SOCKET: address }).send("WATCHDOG=1");
  }
  const other = { NOTIFY_SOCKET: "/nowhere", WATCHDOG_USEC: "1000000", WATCHDOG_PID: "1" };
  assert.equal(openNotifier(other).watchdogMs, undefined, "the watchdog is meant for another process");
});

test("a lock has one holder, and goes with it", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-lock-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const first = tryLock(join(directory, "lock"));
  assert.equal(tryLock(join(directory, "lock")), undefined);
  first?.close();
  const second = tryLock(join(directory, "lock"));
  assert.notEqual(second, undefined);
  second?.close();
});

test("an output that nobody reads drops lines, counts them, and says so when it is read again", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "bouncer-output-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const fifo = join(directory, "fifo");
  const made = spawn("mkfifo", [fifo]);
  await new Promise((resolve) => made.on("close", resolve));
  const reading = openSync(fifo, "r+"); // Keeps the pipe open and does not read.
  const fd = openSync(fifo, "w");
  const output = openBoundedOutput(fd);
  const line = `${"x".repeat(1023)}\n`;
  const lines = (2 * OUTPUT_BYTES_MAX) / line.length;
  for (let count = 0; count < lines; count++) output.write(line);
  assert.ok(output.dropped() > 0 && output.dropped() < lines, `${output.dropped()} of ${lines} dropped`);
  const cat = spawn("head", ["-c", String(OUTPUT_BYTES_MAX / 2)], { stdio: [reading, "ignore", "inherit"] });
  await new Promise((resolve) => cat.on("close", resolve));
  const rest = spawn("cat", { stdio: [reading, "pipe", "inherit"] });
  t.after(() => rest.kill("SIGKILL"));
  let read = "";
  rest.stdout?.setEncoding("utf8");
  const told = new Promise<void>((resolve) => {
    rest.stdout?.on("data", (chunk: string) => {
      read += chunk;
      if (read.includes("lines were dropped here")) resolve();
    });
  });
  await output.flush(60_000);
  output.write("later\n");
  await told;
  rest.kill("SIGKILL");
  closeSync(reading);
  closeSync(fd);
});
