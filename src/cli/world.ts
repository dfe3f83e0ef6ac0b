/** The real world of a command: this process, its terminal, its files. Opened once, by main.ts. */
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../api/client.ts";
import type { CliContext, CliFiles } from "./context.ts";
import { FILE_BYTES_MAX } from "./context.ts";
import { COLOUR, PLAIN } from "./format/paint.ts";

/** Units: characters. For pipes, and terminals that do not say. */
const COLUMNS_DEFAULT = 80;
/** Wider lines are hard to read. */
const COLUMNS_MAX = 120;
/** Narrower terminals wrap by themselves. */
const COLUMNS_MIN = 60;

export interface Wiring {
  readonly connect: (socketPath: string) => Client;
  readonly demo: (argv: readonly string[]) => Promise<number>;
}

export function openWorld(wiring: Wiring): CliContext {
  const { stdout, stderr, stdin, env } = process;
  const interrupted = new AbortController();
  process.on("SIGINT", () => interrupted.abort());
  const colour = stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  return {
    ...wiring,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    ask: (question) => ask(question, interrupted.signal),
    interactive: stdin.isTTY === true,
    watched: stderr.isTTY === true,
    wall: () => Date.now(),
    sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {}),
    user: userName(),
    columns: Math.max(COLUMNS_MIN, Math.min(stdout.columns ?? COLUMNS_DEFAULT, COLUMNS_MAX)),
    paint: colour ? COLOUR : PLAIN,
    env,
    signal: interrupted.signal,
    files: realFiles,
    pid: process.pid,
    version: ownVersion(),
  };
}

/** The prompt goes to standard error, and only when somebody is there to read it. */
async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({
    input: process.stdin,
    ...(process.stdin.isTTY ? { output: process.stderr } : {}),
    terminal: process.stdin.isTTY === true,
  });
  lines.on("SIGINT", () => process.emit("SIGINT"));
  try {
    const ended = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
    return await Promise.race([lines.question(question, { signal }), ended]);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}

/** Whoever became root with sudo is the person; at most 64 characters, as the API allows. */
function userName(): string {
  const sudo = process.env.SUDO_USER ?? "";
  let name = sudo;
  try {
    if (name === "") name = userInfo().username;
  } catch {
    name = `uid ${process.getuid?.() ?? "?"}`; // A user without an entry in passwd.
  }
  return name.slice(0, 64);
}

function ownVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { version?: unknown }).version ?? "unknown");
}

const realFiles: CliFiles = {
  read: (path) => {
    try {
      const fd = openSync(path, "r");
      try {
        const bytes = Buffer.alloc(FILE_BYTES_MAX);
        return bytes.toString("utf8", 0, readSync(fd, bytes));
      } finally {
        closeSync(fd);
      }
    } catch {
      return undefined; // Absent or unreadable: the caller goes without it.
    }
  },
  list: (path) => {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
  append: (path, text) => {
    try {
      appendFileSync(path, text, { mode: 0o600 });
      return true;
    } catch {
      return false;
    }
  },
  lock,
};

/** Exclusive creation is the lock; a file whose process is gone is taken over, once. */
function lock(path: string): { readonly release: () => void } | { readonly held: string } {
  for (let tries = 0; tries < 2; tries++) {
    try {
      const fd = openSync(path, "wx", 0o644);
      writeSync(fd, `${process.pid}\n`);
      closeSync(fd);
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "EEXIST") return { release: () => {} }; // Nowhere to lock: going on alone is harmless.
    }
    const holder = (realFiles.read(path) ?? "").trim();
    if (isAlive(Number(holder))) return { held: holder };
    rmSync(path, { force: true });
  }
  return { held: "unknown" };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
