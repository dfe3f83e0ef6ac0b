import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Executable } from "../../ports/exec.ts";
import { LOOK_UP_MS } from "./limits.ts";
import { lookWithin } from "./time-limit.ts";

/**
 * The first regular file of that name that may be executed. A name that contains a slash is only
 * taken when it is absolute: nothing is looked for relative to where we happen to be.
 *
 * Errors: never rejects; a file system that does not answer counts as "not there" after a limit.
 */
export function findExecutable(name: string, folders: readonly string[]): Promise<Executable | undefined> {
  return lookWithin(`${name} in ${folders.join(":")}`, () => search(name, folders), LOOK_UP_MS, undefined);
}

async function search(name: string, folders: readonly string[]): Promise<Executable | undefined> {
  if (name.includes("\0")) return undefined;
  if (name.includes("/")) return isAbsolute(name) ? look(name) : undefined;
  if (name === "" || name === "." || name === "..") return undefined;
  for (const folder of folders) {
    const found = await look(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function look(file: string): Promise<Executable | undefined> {
  try {
    const info = await stat(file);
    if (!info.isFile()) return undefined;
    await access(file, constants.X_OK);
    const real = await realpath(file);
    return { file, stamp: `${real} ${info.size} ${info.mtimeMs} ${info.ctimeMs} ${info.ino}` };
  } catch {
    return undefined; // Absent, or not for us: the next folder may have it.
  }
}
