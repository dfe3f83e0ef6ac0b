/** Runs one command with a time limit, in a process group of its own, so that nothing of it is left behind. */
import { type ChildProcess, spawn } from "node:child_process";

export interface CommandOptions {
  /** Units: ms. Past it the group gets TERM, and {@link KILL_GRACE_MS} later KILL. */
  readonly limitMs: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Called for each complete line of stdout, which then does not go to the terminal. */
  readonly onLine?: (line: string) => void;
  /** Called with what goes to stderr, which then does not go to the terminal. */
  readonly onComplaint?: (text: string) => void;
}

export interface CommandEnd {
  readonly ok: boolean;
  /** "exit code 1", "SIGKILL", "time limit of 60 s": for people. */
  readonly how: string;
}

/** A lab that is interrupted takes down its namespaces first. */
export const KILL_GRACE_MS = 30_000;

const running = new Set<ChildProcess>();
let interrupted = false;

export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandEnd> {
  if (interrupted) return Promise.resolve({ ok: false, how: "interrupted" });
  const child = spawn(command, args, {
    stdio: [
      "ignore",
      options.onLine === undefined ? "inherit" : "pipe",
      options.onComplaint === undefined ? "inherit" : "pipe",
    ],
    detached: true,
    env: cleanEnvironment(options.env),
  });
  running.add(child);
  if (options.onLine !== undefined) readLines(child, options.onLine);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => options.onComplaint?.(text));

  const { promise, resolve } = Promise.withResolvers<CommandEnd>();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child);
  }, options.limitMs);
  child.on("error", (error) => resolve({ ok: false, how: error.message }));
  child.on("close", (code, signal) => {
    if (timedOut) resolve({ ok: false, how: `time limit of ${options.limitMs / 1_000} s` });
    else resolve({ ok: code === 0, how: code === null ? String(signal) : `exit code ${code}` });
  });
  return promise.finally(() => {
    clearTimeout(timer);
    signalGroup(child, "SIGKILL"); // Whatever it left behind in its group.
    running.delete(child);
  });
}

/** Ctrl-C reaches only us, because the commands have groups of their own: pass it on, then end as told. */
export function passSignalsOn(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(signal, () => {
      interrupted = true;
      const ended = [...running].map((child) => Promise.race([closed(child), endGroup(child)]));
      // Not at once: whoever waited for a command tidies up behind it first.
      void Promise.all(ended).then(() => setImmediate(() => process.exit(code)));
    });
  }
}

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("close", () => resolve()));
}

/** TERM to the whole group, and KILL to what is left of it after the grace. Resolves after the KILL. */
function endGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, "SIGTERM");
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      signalGroup(child, "SIGKILL");
      resolve();
    }, KILL_GRACE_MS);
    child.once("close", () => clearTimeout(timer));
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group is gone already: that is what was wanted.
  }
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  child.stdout?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}

/** A test runner inside a test runner would take this process for its parent and stay silent. */
function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return { ...env, ...extra };
}
