/**
 * The console's process: started with the daemon, started again when it ends, and never a reason for the
 * daemon to end. It dies with us: we hold its standard input.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { shellSocketOf } from "../api/console.ts";
import type { ConsoleOptions } from "../console/options.ts";
import { SaidLine } from "../console/say.ts";
import type { DaemonOptions } from "./options.ts";
import type { Story } from "./story.ts";
import { VERSION } from "./version.ts";

/** Units: ms. Before it is started again: longer each time, up to the second. */
const AGAIN_MS_MIN = 1_000;
const AGAIN_MS_MAX = 60_000;
/** Units: ms. Whoever ran for so long had started well. */
const WELL_MS = 60_000;
/** Units: ms. How long it may take to let go of its readers. */
const END_MS_MAX = 2_000;
/** MiB for what lives shortly: ten MiB less than by default, and streams leave no garbage behind. */
const YOUNG = "--max-semi-space-size=1";
const ROOT = join(import.meta.dirname, "..", "..");

export interface ConsoleChild {
  /** What keeps it from running; absent: it runs. */
  problem(): string | undefined;
  close(): Promise<void>;
}

export function startConsole(options: DaemonOptions, node: string, story: Story): ConsoleChild {
  const told = consoleOptions(options, node);
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = AGAIN_MS_MIN;
  let problem: string | undefined;
  let closed = false;

  function start(): void {
    const startedAt = Date.now();
    const args = [...process.execArgv, YOUNG, join(ROOT, "src", "console", "main.ts"), JSON.stringify(told)];
    child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin?.on("error", () => {}); // It has ended: told below.
    if (child.stdout !== null) createInterface({ input: child.stdout }).on("line", hear);
    child.on("error", (error) => ended(error.message, startedAt));
    child.on("exit", (code, signal) => ended(signal ?? `exit code ${code}`, startedAt));
  }

  function hear(text: string): void {
    const line = SaidLine.safeParse(parseJson(text));
    if (!line.success) return story.say("debug", "console", text.slice(0, 500));
    if (line.data.code === "console-ready") problem = undefined;
    if (line.data.code === "console-refused") problem = line.data.text;
    story.say(line.data.level, line.data.code, line.data.text);
  }

  function ended(how: string, startedAt: number): void {
    if (closed || timer !== undefined) return;
    problem ??= `it ended (${how})`;
    pauseMs = Date.now() - startedAt > WELL_MS ? AGAIN_MS_MIN : Math.min(pauseMs * 2, AGAIN_MS_MAX);
    story.say(
      "error",
      "console-ended",
      `the console ended (${how}); it is started again in ${pauseMs / 1_000} s`,
    );
    timer = setTimeout(() => {
      timer = undefined;
      start();
    }, pauseMs);
    timer.unref();
  }

  start();
  return {
    problem: () => problem,
    async close() {
      closed = true;
      clearTimeout(timer);
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGTERM");
      const limit = setTimeout(() => running.kill("SIGKILL"), END_MS_MAX);
      await gone.finally(() => clearTimeout(limit));
    },
  };
}

function consoleOptions(
  { console: listen, socketPath, stateDir }: DaemonOptions,
  node: string,
): ConsoleOptions {
  if (listen === undefined) throw new Error("there is no console without --listen");
  return {
    ...listen,
    node,
    version: VERSION,
    daemonSocket: socketPath,
    shellSocket: shellSocketOf(socketPath),
    directory: join(stateDir, "console"),
    pages: join(ROOT, "web", "dist"),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
