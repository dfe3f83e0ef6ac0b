/** Ways in which a journal cannot be used. */

export class CorruptJournal extends Error {
  override readonly name = "CorruptJournal";
}

export class NewerJournal extends Error {
  override readonly name = "NewerJournal";
  constructor(found: number, known: number) {
    super(`it was written by a newer bouncerd (format ${found}, this one knows ${known})`);
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, or a row that is no record of ours. */
export function isCorrupt(error: unknown): boolean {
  if (error instanceof CorruptJournal || error instanceof SyntaxError) return true;
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  return code === 11 || code === 26;
}

/** One clear clause for what a disk or SQLite said. */
export function describeDiskError(error: unknown): string {
  const { code, errcode, message } = error as { code?: string; errcode?: number; message?: string };
  const sqlite = (errcode ?? 0) & 0xff;
  if (code === "ENOSPC" || sqlite === 13) return "the disk is full";
  if (code === "EROFS" || sqlite === 8) return "it is read-only";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENOTDIR" || code === "EEXIST") return "something that is no directory is in the way";
  if (sqlite === 14) return "its files cannot be opened or created (permissions, or the disk is full)";
  if (sqlite === 10) return `the disk reports an error (${message ?? "I/O"})`;
  return message ?? String(error);
}
