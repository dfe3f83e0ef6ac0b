/** A process of the demo. It dies with the demo, however that ends: the kernel sees to it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { processTree, signalAll } from "./process-tree.ts";

export interface Child {
  readonly pid: number;
  readonly isRunning: boolean;
  /** Resolves when it has ended, with the code or the signal. */
  readonly exited: Promise<string>;
  /** Signals it and everything that it started. */
  signalTree(signal: NodeJS.Signals): void;
  signal(signal: NodeJS.Signals): void;
}

export interface ChildOptions {
  readonly args: readonly string[];
  /** Its output is appended to this file. */
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a program of ours with the Node that runs us; in a session of its own, so that Ctrl-C is ours alone. */
export function startNodeProgram({ args, log, env }: ChildOptions): Child {
  const output = openSync(log, "a", 0o600);
  try {
    const command = ["--pdeathsig", "KILL", process.execPath, ...args];
    return watchChild(
      spawn("setpriv", command, { stdio: ["ignore", output, output], env, detached: true }),
      args,
    );
  } finally {
    closeSync(output);
  }
}

function watchChild(child: ChildProcess, args: readonly string[]): Child {
  const { pid } = child;
  if (pid === undefined) {
    child.on("error", () => {}); // Reported here, by its missing process id.
    throw new Error(`cannot start setpriv (of util-linux) to run ${args[0]}`);
  }
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    get isRunning() {
      return isRunning();
    },
    exited: once(child, "exit").then(([code, signal]) => String(signal ?? code)),
    signalTree: (signal) => isRunning() && signalAll(processTree(pid), signal),
    signal: (signal) => isRunning() && signalAll([pid], signal),
  };
}
