/** Who this run of the daemon is: the kernel's boot id and a stamp of this start. */
import { readFileSync } from "node:fs";
import type { Incarnation } from "../../core/ids.ts";

const BOOT_ID_PATH = "/proc/sys/kernel/random/boot_id";

/**
 * The demo and the lab play several machines on one kernel: there `BOUNCER_BOOT_ID` names the
 * simulated boot. On a real machine it must not be set: a boot id that does not change with the
 * boot makes a rebooted node look as if it had never been away.
 */
export function readIncarnation(env: NodeJS.ProcessEnv = process.env): Incarnation {
  const boot = env["BOUNCER_BOOT_ID"] || readFileSync(BOOT_ID_PATH, "utf8").trim();
  return { boot, start: `${process.hrtime.bigint().toString(36)}-${process.pid}` };
}
