/** The real world of a command: this process, its terminal, its files. Opened once, by main.ts. */
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Client, ConsoleClient } from "../api/client.ts";
import type { CliContext } from "./context.ts";
import { realFiles } from "./files.ts";
import { COLOUR, PLAIN } from "./format/paint.ts";

/** Units: characters. For pipes, and terminals that do not say. */
const COLUMNS_DEFAULT = 80;
/** Wider lines are hard to read. */
const COLUMNS_MAX = 120;
/** Narrower terminals wrap by themselves. */
const COLUMNS_MIN = 60;

export interface Wiring {
  readonly connect: (socketPath: string) => Client;
  readonly connectConsole: (daemonSocketPath: string) => ConsoleClient;
  readonly demo: (argv: readonly string[]) => Promise<number>;
  readonly lookAt: CliContext["lookAt"];
  readonly run: CliContext["run"];
  readonly openLocks: CliContext["openLocks"];
}

export function openWorld(wiring: Wiring): CliContext {
  const { stdout, stderr, stdin, env } = process;
  const interrupted = new AbortController();
  process.on("SIGINT", () => interrupted.abort());
  const colour = stdout.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  return {
    ...wiring,
    runCommand: async (...args) => (await import("./child.ts")).runCommand(...args),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    ask: (question) => ask(question, interrupted.signal, "shown"),
    askSecret: (question) => ask(question, interrupted.signal, "hidden"),
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
async function ask(
  question: string,
  signal: AbortSignal,
  typed: "shown" | "hidden",
): Promise<string | undefined> {
  const isHidden = typed === "hidden" && process.stdin.isTTY === true;
  if (isHidden) process.stderr.write(question);
  const output = isHidden ? new Writable({ write: (_, __, done) => done() }) : process.stderr;
  const lines = createInterface({
    input: process.stdin,
    ...(process.stdin.isTTY ? { output } : {}),
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
    if (isHidden) process.stderr.write("\n");
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
