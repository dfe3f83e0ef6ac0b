/**
 * A crowd in front of a console, started on the machine that serves it: pages that follow the events, pages
 * that never read, callers that send a byte a second, and one that asks all the time. Reads its token from
 * standard input, says `here` when all have come, ends when standard input does.
 *
 *     crowd.ts ADDR:PORT STREAMS SLOW
 */
import type { IncomingMessage } from "node:http";
import { get as httpsGet, type RequestOptions } from "node:https";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";

/** Every fifth stream never reads. */
const DEAF_EVERY = 5;
/** Units: ms. The console lets one address ask 50 times a second. */
const PACE_MS = 25;
const BYTE_EVERY_MS = 1_000;
const ASK_EVERY_MS = 50;

const [at = "", streams = "0", slow = "0"] = process.argv.slice(2);
const [host = "", port = "0"] = at.split(":");
const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit(0));
const token = await new Promise<string>((resolve) => lines.once("line", resolve));
const common: RequestOptions = {
  host,
  port: Number(port),
  headers: { authorization: `Bearer ${token}` },
  rejectUnauthorized: false,
  agent: false,
};

function ask(path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpsGet({ ...common, path }, (response) => {
      response.on("error", () => {});
      resolve(response);
    }).on("error", reject);
  });
}

async function follow(reads: "reads" | "deaf"): Promise<void> {
  const response = await ask("/v1/events");
  if (response.statusCode !== 200) throw new Error(`a stream was answered with ${response.statusCode}`);
  if (reads === "reads") response.resume();
}

/** Sends its request a byte at a time, and comes again when it is turned away. */
function dawdle(): void {
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
  const request = `GET /v1/status HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(4_000)}`;
  let sent = 0;
  const timer = setInterval(() => socket.write(request.charAt(sent++)), BYTE_EVERY_MS);
  socket.on("error", () => {});
  socket.on("close", () => {
    clearInterval(timer);
    setTimeout(dawdle, BYTE_EVERY_MS);
  });
}

for (let count = 0; count < Number(slow); count++) {
  dawdle();
  await sleep(PACE_MS);
}
for (let count = 0; count < Number(streams); count++) {
  await follow(count % DEAF_EVERY === 0 ? "deaf" : "reads");
  await sleep(PACE_MS);
}
console.log("here");
for (;;) {
  await ask("/v1/status").then(
    (response) => response.resume(),
    () => undefined,
  );
  await sleep(ASK_EVERY_MS);
}
