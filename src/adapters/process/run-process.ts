import { type ChildProcess, spawn } from "node:child_process";
import type { ExecRequest, ExecResult } from "../../ports/exec.ts";
import { type BoundedOutput, createBoundedOutput } from "./bounded-output.ts";
import {
  DRAIN_MS,
  EXEC_ENVIRONMENT,
  KILL_GRACE_MS,
  OUTPUT_BYTES_MAX,
  OUTPUT_HEAD_BYTES_MAX,
  OUTPUT_TAIL_BYTES_MAX,
  UNKILLABLE_MS,
} from "./limits.ts";

/**
 * Runs one executable in a process group of its own, without a shell, and sees it to its end.
 *
 * Order: 1. it runs, at most budgetMs; 2. TERM to the group; 3. after the grace KILL to the group;
 * 4. when even that does not end it (a process in an uninterruptible wait), we stop waiting.
 * What is left of the group when its first process ends gets KILL at once.
 *
 * Errors: never rejects, never throws; see {@link ExecResult}.
 */
export function runProcess(request: ExecRequest): Promise<ExecResult> {
  const startedAt = performance.now();
  if (request.cancel?.aborted) return Promise.resolve(notStarted({ cancelled: true }, startedAt));
  const { child, problem } = start(request);
  if (child === undefined) return Promise.resolve(notStarted({ problem }, startedAt));
  return new Promise((resolve) => {
    supervise(child, request, startedAt, resolve);
  });
}

function start(request: ExecRequest): { child?: ChildProcess; problem: string } {
  try {
    const child = spawn(request.file, [...(request.args ?? [])], {
      cwd: "/",
      detached: true,
      env: { ...request.env, ...EXEC_ENVIRONMENT },
      shell: false,
      stdio: ["pipe", "pipe", "pipe"],
    });
    return { child, problem: "" };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function supervise(
  child: ChildProcess,
  request: ExecRequest,
  startedAt: number,
  resolve: (result: ExecResult) => void,
): void {
  const limits = { headBytes: OUTPUT_HEAD_BYTES_MAX, tailBytes: OUTPUT_TAIL_BYTES_MAX };
  const stdout = createBoundedOutput(limits);
  const stderr = createBoundedOutput(limits);
  const timers = new Set<NodeJS.Timeout>();
  let ended: { exitCode?: number; signal?: string; problem?: string } | undefined;
  let ending = false;
  let flooded = false;
  let timedOut = false;
  let cancelled = false;
  let settled = false;

  const after = (delayMs: number, action: () => void): void => {
    timers.add(setTimeout(action, delayMs));
  };

  const settle = (): void => {
    if (settled) return;
    settled = true;
    for (const timer of timers) clearTimeout(timer);
    request.cancel?.removeEventListener("abort", onCancel);
    for (const stream of child.stdio) stream?.destroy();
    child.unref(); // Matters only for one that the kernel does not let go.
    const how = ended ?? { problem: "it cannot be killed (waits inside the kernel)" };
    const flood = flooded ? { problem: `it printed more than ${OUTPUT_BYTES_MAX} bytes` } : {};
    resolve({
      ...(flooded ? flood : how),
      timedOut,
      cancelled,
      stdout: stdout.output(),
      stderr: stderr.output(),
      tookMs: Math.round(performance.now() - startedAt),
    });
  };

  /** Only while the first process is ours to wait for: then nobody else can have its number. */
  const signalGroup = (signal: "SIGTERM" | "SIGKILL"): void => {
    if (ended === undefined) killGroup(child.pid, signal);
  };

  const end = (): void => {
    if (ending || ended !== undefined) return;
    ending = true;
    const graceMs = request.graceMs ?? KILL_GRACE_MS;
    const kill = (): void => {
      signalGroup("SIGKILL");
      after(UNKILLABLE_MS, settle);
    };
    if (graceMs === 0) {
      kill();
      return;
    }
    signalGroup("SIGTERM");
    after(graceMs, kill);
  };

  function onCancel(): void {
    if (ended !== undefined) return;
    cancelled = true;
    end();
  }

  child.on("error", (error) => {
    // Also emitted when a signal cannot be sent; then the process exists, and `exit` follows.
    if (child.pid !== undefined || ended !== undefined) return;
    ended = { problem: problemOf(error) };
    settle();
  });
  child.on("exit", (exitCode, signal) => {
    if (ended !== undefined) return;
    ended = exitCode !== null ? { exitCode } : { signal: signal ?? "an unknown signal" };
    // In the turn in which it was waited for. As long as anything is left of the group, its number
    // is taken; when nothing is left, the kernel goes through all others before it comes back to it.
    killGroup(child.pid, "SIGKILL");
    if (settled) return;
    after(DRAIN_MS, settle); // A descendant that left the group may hold the pipes for ever.
  });
  child.on("close", () => {
    if (ended !== undefined) settle();
  });

  const read = (stream: ChildProcess["stdout"], output: BoundedOutput): void => {
    stream?.on("error", () => {}); // The end of a process says more than the end of its pipe.
    stream?.on("data", (chunk: Uint8Array) => {
      output.push(chunk);
      if (output.bytesSeen() <= OUTPUT_BYTES_MAX || flooded) return;
      flooded = true;
      end();
    });
  };
  read(child.stdout, stdout);
  read(child.stderr, stderr);
  child.stdin?.on("error", () => {}); // EPIPE: it did not want to hear the rest.
  child.stdin?.end(request.stdin ?? new Uint8Array());

  after(Math.max(0, request.budgetMs), () => {
    if (ended !== undefined) return;
    timedOut = true;
    end();
  });
  request.cancel?.addEventListener("abort", onCancel);
}

function killGroup(pid: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined || pid <= 1) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nothing left of it, which is what we wanted.
  }
}

function notStarted(why: { problem?: string; cancelled?: true }, startedAt: number): ExecResult {
  const nothing = { head: "", tail: "", bytesLost: 0 };
  const tookMs = Math.round(performance.now() - startedAt);
  return { timedOut: false, cancelled: false, ...why, stdout: nothing, stderr: nothing, tookMs };
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file, or the interpreter in its first line is missing",
  EACCES: "it may not be executed (EACCES: permissions, a folder, or a file system mounted noexec)",
  ENOEXEC: "it is not an executable format (ENOEXEC)",
  ETXTBSY: "it is being written to right now (ETXTBSY)",
  EAGAIN: "no further process may be started (EAGAIN)",
  EMFILE: "too many open files (EMFILE)",
  ENFILE: "too many open files on this machine (ENFILE)",
  ENOMEM: "no memory for a further process (ENOMEM)",
};

function problemOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return PROBLEMS[code] ?? `it could not be started (${code})`;
}
