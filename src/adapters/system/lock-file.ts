/** One process at a time: an exclusive lock that the kernel drops when its holder dies, however it dies. */
import { DatabaseSync } from "node:sqlite";

export interface HeldLock {
  close(): void;
}

/**
 * Node offers no flock; SQLite's file lock is one (fcntl, so it also works on NFS and across
 * namespaces). Returns undefined when another process holds it. The file stays behind, empty.
 *
 * Errors: throws what the file system says (not writable, full).
 */
export function tryLock(path: string): HeldLock | undefined {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return { close: () => database.close() };
}

/** SQLITE_BUSY and SQLITE_LOCKED, with their extended codes. */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return (code & 0xff) === 5 || (code & 0xff) === 6;
}
