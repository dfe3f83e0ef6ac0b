/** Runs the pinned Node as if it stood in this process's place: same terminal, signals and exit code. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { bootstrap, PINNED_NODE } from "./bootstrap.mjs";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

/** Installs first when needed. The process ends when the child does, with its exit code. */
export function runPinned(args, env = {}) {
  bootstrap();
  const child = spawn(PINNED_NODE, args, {
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // Ctrl-C in a terminal has reached the child already, as one of the same foreground group.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`bouncer: cannot start ${PINNED_NODE}: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}
