/** Labs on this machine, found in the process table: they leave no files. */
import { readdirSync, readFileSync } from "node:fs";
import { LAB_MARK } from "./places.ts";

export interface FoundLab {
  readonly id: string;
  /** Of the process that holds it. */
  readonly pid: number;
}

export function findLabs(): readonly FoundLab[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const words = commandLine(name);
      const id =
        words.at(-1)?.startsWith(LAB_MARK) === true ? words.at(-1)?.slice(LAB_MARK.length) : undefined;
      return words[0] === "bash" && id !== undefined ? [{ id, pid: Number(name) }] : [];
    });
}

/** Errors: throws when there is none, or more than one and no `id` says which. */
export function findLab(id?: string): FoundLab {
  const labs = findLabs().filter((lab) => id === undefined || lab.id === id);
  const [lab, another] = labs;
  if (lab === undefined) {
    throw new RangeError(id === undefined ? "no lab runs here; start one: lab up" : `there is no lab ${id}`);
  }
  if (another !== undefined) {
    throw new RangeError(
      `several labs run here: say which with --lab ${labs.map((one) => one.id).join("|")}`,
    );
  }
  return lab;
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return []; // Ended meanwhile.
  }
}
