/** The state directory: made, locked, and its damaged journal put aside. Worker thread only. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { OperationError } from "../../core/errors.ts";
import type { DurableState } from "../../core/ledger.ts";
import { type HeldLock, tryLock } from "../system/lock-file.ts";
import { describeDiskError, isCorrupt } from "./damage.ts";
import { type JournalDatabase, openDatabase } from "./database.ts";
import type { Loaded } from "./protocol.ts";

const JOURNAL_NAME = "journal.db";
/** Secrets are nowhere in it, but addresses and names are. */
const DIRECTORY_MODE = 0o750;

export interface StateDirectory {
  readonly database: JournalDatabase;
  readonly loaded: Loaded;
  /** Writes `<name>` by way of a temporary file; of the files with the same stem the newest `keep` stay. */
  writeFile(name: string, lines: readonly string[], keep: number): string;
  close(): void;
}

/** Errors: `JNL_UNREADABLE` or `DMN_RUNNING`, each with the directory and what is wrong with it. */
export function openStateDirectory(directory: string, now: Date): StateDirectory {
  const lock = lockDirectory(directory);
  try {
    const { database, loaded } = openJournalFile(directory, now);
    return {
      database,
      loaded,
      writeFile: (name, lines, keep) => writeWhole(directory, name, lines, keep),
      close() {
        database.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    if (error instanceof OperationError) throw error;
    throw unusable(directory, error);
  }
}

function lockDirectory(directory: string): HeldLock {
  let lock: HeldLock | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
    lock = tryLock(join(directory, "lock"));
  } catch (error) {
    throw unusable(directory, error);
  }
  if (lock !== undefined) return lock;
  throw new OperationError("DMN_RUNNING", `another bouncerd is using the state directory ${directory}`);
}

function openJournalFile(directory: string, now: Date): { database: JournalDatabase; loaded: Loaded } {
  const path = join(directory, JOURNAL_NAME);
  const first = tryOpen(path);
  if ("database" in first) return { database: first.database, loaded: { state: first.state, notices: [] } };
  const aside = putAside(path, now);
  const second = tryOpen(path);
  if (!("database" in second)) throw second.damage;
  const notice =
    `the journal was damaged (${describeDiskError(first.damage)}) and is kept as ${aside}; ` +
    "this node starts with an empty one and gets the recent history back from the other members";
  return { database: second.database, loaded: { state: second.state, notices: [notice] } };
}

type Opened =
  | { readonly database: JournalDatabase; readonly state: DurableState }
  | { readonly damage: unknown };

function tryOpen(path: string): Opened {
  let database: JournalDatabase | undefined;
  try {
    database = openDatabase(path);
    return { database, state: database.load() };
  } catch (error) {
    database?.close();
    if (isCorrupt(error)) return { damage: error };
    throw error;
  }
}

function putAside(path: string, now: Date): string {
  const aside = `${path}.corrupt-${now.toISOString().replaceAll(/[:.]/g, "-")}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

function writeWhole(directory: string, name: string, lines: readonly string[], keep: number): string {
  const path = join(directory, name);
  const temporary = `${path}.tmp`;
  const fd = openSync(temporary, "w", 0o640);
  try {
    for (const line of lines) writeSync(fd, `${line}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  const stem = name.slice(0, name.indexOf("-") + 1);
  const old = readdirSync(directory)
    .filter((other) => other.startsWith(stem))
    .sort()
    .slice(0, -keep);
  for (const other of old) rmSync(join(directory, other), { force: true });
  return path;
}

function unusable(directory: string, error: unknown): OperationError {
  const detail = `the state directory ${directory} cannot be used: ${describeDiskError(error)}`;
  return new OperationError("JNL_UNREADABLE", detail, { cause: error });
}
