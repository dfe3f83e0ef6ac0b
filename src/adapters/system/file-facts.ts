/** Can this process use a file, and as what? */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { FileFacts } from "../../config/facts.ts";

/** Never rejects. */
export async function lookAtFile(path: string): Promise<FileFacts> {
  try {
    if (!(await stat(path)).isFile()) return "not-a-file";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? "no-permission" : "missing";
  }
  for (const [mode, found] of [
    [constants.X_OK, "executable"],
    [constants.R_OK, "readable"],
  ] as const) {
    try {
      await access(path, mode);
      return found;
    } catch {
      // Not this, perhaps the weaker one.
    }
  }
  return "no-permission";
}
