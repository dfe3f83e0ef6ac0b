/** Run states of QEMU. Source: QEMU's qapi/run-state.json, RunState. */
import type { Power } from "../frame/agent.ts";

/**
 * Reset and not yet started, or switched off by its guest: nothing of the old run can go on, since QEMU refuses
 * to let it. Everything that is only held (paused, io-error, …) goes on by one command, and counts as on.
 */
const OFF: ReadonlySet<string> = new Set(["prelaunch", "shutdown"]);
const ON: ReadonlySet<string> = new Set([
  "running",
  "paused",
  "suspended",
  "io-error",
  "watchdog",
  "guest-panicked",
  "internal-error",
  "debug",
  "save-vm",
  "restore-vm",
  "colo",
]);

/** Of a machine that is on its way to another host, or came from one, nobody here knows. */
export function powerOfState(status: unknown, running: unknown): Power {
  if (typeof status !== "string" || typeof running !== "boolean") return "unknown";
  if (OFF.has(status)) return running ? "unknown" : "off";
  return ON.has(status) ? "on" : "unknown";
}
