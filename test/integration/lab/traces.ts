/** Looks for what a lab could leave behind on the machine. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "../../../src/lab/space/command.ts";

/** Environment variable that every process of a lab under test carries. */
export const TRACE = "BOUNCER_LAB_TRACE";

/** Units: ms. The kernel takes namespaces down beside everything else. */
const LOOK_EVERY_MS = 20;
const LOOKS_MAX = 500;

/** Processes that carry the mark, zombies left out: `pid command line`. */
export function processesMarked(mark: string): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (!environment.includes(`${TRACE}=${mark}`)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()}`];
    } catch {
      return []; // Ended meanwhile, or the kernel's own.
    }
  });
}

/** Mounts and links of a lab in the host's own namespaces. */
export async function leftovers(): Promise<readonly string[]> {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => / \/media\S* .* - tmpfs lab /.test(line) || line.includes("/media/nodes"));
  const links = (await runCommand(["ip", "-brief", "link"])).stdout
    .split("\n")
    .filter((line) => /^(n\d+b\d+[cm]|bmc\d+|cluster\d*|mgmt)[@ ]/.test(line));
  return [...mounts, ...links];
}

/** Resolves when no process with the mark is left. Errors: rejects with those that stay. */
export async function untilGone(mark: string): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    if (processesMarked(mark).length === 0) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`still there:\n${processesMarked(mark).join("\n")}`);
}
