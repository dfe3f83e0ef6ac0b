import type { Exec } from "../../ports/exec.ts";
import { findExecutable } from "./find-executable.ts";
import { runProcess } from "./run-process.ts";

/** {@link Exec} on this machine. */
export function createExec(): Exec {
  return { run: runProcess, find: findExecutable };
}
