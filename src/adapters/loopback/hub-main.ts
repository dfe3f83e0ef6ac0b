/** `hub-main.ts --socket PATH [--token-ms 1000]`: the loopback hub as a process of its own. */
import { lstatSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { parseArgs } from "node:util";
import { type Hub, openHub } from "./hub.ts";

const USAGE = "usage: hub-main.ts --socket PATH [--token-ms 1000]";
const EXIT = { usage: 2, taken: 73 } as const;
const TOKEN_MS_MIN = 20;
const TOKEN_MS_MAX = 600_000;

function fail(exit: number, problem: string): never {
  process.stderr.write(`loopback hub: ${problem}\n`);
  process.exit(exit);
}

function readOptions(): { socketPath: string; tokenMs: number } {
  try {
    const { values } = parseArgs({
      options: { socket: { type: "string" }, "token-ms": { type: "string", default: "1000" } },
    });
    const tokenMs = Number(values["token-ms"]);
    if (values.socket === undefined || values.socket === "") fail(EXIT.usage, USAGE);
    if (!Number.isInteger(tokenMs) || tokenMs < TOKEN_MS_MIN || tokenMs > TOKEN_MS_MAX) {
      fail(EXIT.usage, `--token-ms takes ${TOKEN_MS_MIN} to ${TOKEN_MS_MAX} milliseconds`);
    }
    return { socketPath: values.socket, tokenMs };
  } catch (error) {
    fail(EXIT.usage, `${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** A hub that was killed leaves its socket behind; one that lives answers. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "ECONNREFUSED"));
  });
}

async function open(options: { socketPath: string; tokenMs: number }): Promise<Hub> {
  try {
    return await openHub(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE") fail(EXIT.taken, `cannot listen: ${message}`);
    if (!lstatSync(options.socketPath).isSocket()) {
      fail(EXIT.taken, `${options.socketPath} exists and is no socket: choose another --socket`);
    }
    if (await isAnswered(options.socketPath)) {
      fail(EXIT.taken, `${options.socketPath} is in use: stop that hub, or choose another --socket`);
    }
    unlinkSync(options.socketPath);
    return openHub(options);
  }
}

const options = readOptions();
const hub = await open(options);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void hub.close());
process.stdout.write(`loopback hub ready at ${options.socketPath}\n`);
await hub.closed;
