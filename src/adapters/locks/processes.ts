/** Which processes live, told apart from later ones of the same number. Source: proc(5). */
import { readFileSync } from "node:fs";
import type { OwnerProcess } from "../../ports/lock-desk.ts";

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces and brackets. */
function startTimeOf(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

/** Undefined: no such process, or it is dead and nobody has fetched its exit code. */
export function findProcess(pid: number): OwnerProcess | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const state = stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
    const startTime = startTimeOf(stat);
    return startTime === undefined || state === "Z" || state === "X" ? undefined : { pid, startTime };
  } catch {
    return undefined;
  }
}

export function isAlive(process: OwnerProcess): boolean {
  return findProcess(process.pid)?.startTime === process.startTime;
}
