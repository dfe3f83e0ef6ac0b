/**
 * A disk that answers no more, made without root: another process holds the write lock of the daemon's
 * journal, so that whatever the daemon wants to make durable waits, as it would for a hung disk.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface SlowDisk {
  freeze(): void;
  thaw(): void;
}

/** Units: ms. Waits for a write of the daemon that is under way. */
const LOCK_MS_MAX = 5_000;

export function createSlowDisk(stateDirectory: string): SlowDisk {
  let holder: DatabaseSync | undefined;
  return {
    freeze() {
      if (holder !== undefined) return;
      const path = join(stateDirectory, "journal.db");
      if (!existsSync(path)) throw new Error(`there is no journal at ${path} yet: has the daemon started?`);
      const database = new DatabaseSync(path, { timeout: LOCK_MS_MAX });
      database.exec("BEGIN IMMEDIATE");
      holder = database;
    },
    thaw() {
      holder?.close();
      holder = undefined;
    },
  };
}
