/** Where a machine's power stands written for the IPMI controllers, which read it without asking anybody. */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { NodeName } from "../../core/ids.ts";
import { powerFile, seenFromHost } from "../places.ts";

/** By rename: whoever reads finds one whole line. Errors: throws when it cannot be written in a living lab. */
export function writePower(labPid: number, machine: NodeName, power: "on" | "off"): void {
  const path = seenFromHost(labPid, powerFile(machine));
  try {
    writeFileSync(`${path}.new`, `power:${power === "on" ? 1 : 0}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    // With the lab its files went, and nobody reads any more.
    if (power === "on" || existsSync(dirname(path))) throw error;
  }
}
