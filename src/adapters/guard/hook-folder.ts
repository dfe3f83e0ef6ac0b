import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LOOK_UP_MS } from "../process/limits.ts";
import { lookWithin } from "../process/time-limit.ts";

/** Executables of one folder; what is beyond is refused. */
export const HOOKS_MAX = 64;

const MODE_EXECUTE = 0o111;
const MODE_WORLD_WRITE = 0o002;

export interface HookFolder {
  /** Absolute paths, in the order of their names. */
  readonly hooks: readonly string[];
  /** What is there and is not run, and why: one line each. */
  readonly refused: readonly string[];
}

/**
 * The hooks of one folder. A folder that does not exist has none. What could have been put there by
 * somebody else than root or the daemon's own user is refused: it would run with our rights.
 *
 * Errors: never rejects; a folder that cannot be read is one line in `refused`.
 */
export function readHookFolder(folder: string): Promise<HookFolder> {
  const silent = { hooks: [], refused: [`${folder} does not answer (hung disk?)`] };
  return lookWithin(folder, () => read(folder), LOOK_UP_MS, silent);
}

async function read(folder: string): Promise<HookFolder> {
  try {
    const problem = strangers(await stat(folder));
    if (problem !== undefined) return { hooks: [], refused: [`${folder} is not used: it ${problem}`] };
    const names = (await readdir(folder)).filter(isHookName).sort();
    const hooks: string[] = [];
    const refused = names.slice(HOOKS_MAX).map((name) => `${join(folder, name)} is not run: too many hooks`);
    for (const name of names.slice(0, HOOKS_MAX)) {
      const file = join(folder, name);
      const why = await whyNot(file);
      if (why === undefined) hooks.push(file);
      else refused.push(`${file} is not run: it ${why}`);
    }
    return { hooks, refused };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return { hooks: [], refused: code === "ENOENT" ? [] : [`${folder} cannot be read (${code})`] };
  }
}

/** Hidden files, what editors and package tools leave behind, and texts for people are no hooks. */
function isHookName(name: string): boolean {
  return !/^\.|~$|\.(dpkg-\w+|rpm\w+|bak|swp|md|txt)$|^README/i.test(name);
}

async function whyNot(file: string): Promise<string | undefined> {
  try {
    const info = await stat(file);
    if (!info.isFile()) return "is not a regular file";
    if ((info.mode & MODE_EXECUTE) === 0) return "has no executable bit: chmod +x";
    return strangers(info);
  } catch {
    return "cannot be looked at (broken link?)";
  }
}

function strangers(info: { readonly mode: number; readonly uid: number }): string | undefined {
  if ((info.mode & MODE_WORLD_WRITE) !== 0) return "may be written by everybody: chmod o-w";
  if (info.uid !== 0 && info.uid !== process.getuid?.()) {
    return `belongs to user ${info.uid}: chown root`;
  }
  return undefined;
}
