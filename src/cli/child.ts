/** Runs the command of `bouncer lock`: in a group of its own, ended as a whole when the lock is lost. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { OperationError } from "../core/errors.ts";

/** Units: ms. Between asking a command to end and ending it. */
const TERM_MS = 2_000;
/** Ends the command when this process is killed. Source: util-linux, setpriv(1). */
const SETPRIV = "/usr/bin/setpriv";
const EXIT_NOT_FOUND = 127;
const EXIT_SIGNAL = 128;

/**
 * Answers the command's exit code, 128 and the signal's number when a signal ended it. Signals to us
 * go on to the command. Errors: `REQ_INVALID` when it cannot be started.
 */
export async function runCommand(
  argv: readonly string[],
  lost: AbortSignal,
  keeps: number | undefined,
): Promise<number> {
  const guarded = existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "KILL", "--", ...argv] : argv;
  const [file = "", ...args] = guarded;
  const child = spawn(file, args, {
    stdio: ["inherit", "inherit", "inherit", keeps ?? "ignore"],
    detached: !process.stdin.isTTY,
  });
  const pass = (signal: NodeJS.Signals): void => end(child, signal);
  const signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGINT"];
  for (const signal of signals) process.on(signal, pass);
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    end(child, "SIGTERM");
    timer = setTimeout(() => end(child, "SIGKILL"), TERM_MS);
  };
  lost.addEventListener("abort", stop, { once: true });
  if (lost.aborted) stop();
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error) =>
        reject(new OperationError("REQ_INVALID", `${argv[0]} cannot be started: ${error.message}`)),
      );
      child.once("exit", (code, signal) =>
        resolve(code ?? EXIT_SIGNAL + (signal === null ? EXIT_NOT_FOUND : constants.signals[signal])),
      );
    });
  } finally {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, pass);
  }
}

/** The whole group, where the command has one of its own. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.stdin.isTTY ? child.pid : -child.pid, signal);
  } catch {
    child.kill(signal); // The group is gone.
  }
}
