/** The journal's tables, and what is done to them. Runs on the worker thread only. */
import { DatabaseSync } from "node:sqlite";
import { CONFIGS_KEPT, type ConfigStamp } from "../../core/configuration/stamp.ts";
import type { NodeId } from "../../core/ids.ts";
import {
  type DurableState,
  EPOCH_NONE,
  type EpochRecord,
  INCIDENTS_KEPT,
  type Incident,
} from "../../core/ledger.ts";
import { CorruptJournal, NewerJournal } from "./damage.ts";
import { parseConfigStamp, parseEpochRecord, parseIncident } from "./records.ts";

/** Read before anything else: a journal of a newer bouncerd is refused, not guessed at. */
export const SCHEMA_VERSION = 2;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS epoch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS incident (
    seq INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS config_text (
    digest TEXT PRIMARY KEY,
    text BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS config (
    version INTEGER PRIMARY KEY,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS owner (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    node INTEGER NOT NULL,
    name TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS replaced_incident (
    replaced_at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
`;

export interface JournalOwner {
  readonly node: NodeId;
  readonly name: string;
}

export interface JournalDatabase {
  /** Answers whose it is: `owner`'s when it was nobody's before. */
  claim(owner: JournalOwner): JournalOwner;
  load(): DurableState;
  saveEpoch(epoch: EpochRecord, text: Uint8Array | undefined): void;
  saveConfigs(configs: readonly ConfigStamp[]): void;
  configText(digest: string): Uint8Array | undefined;
  configs(limit: number): ConfigStamp[];
  append(incidents: readonly Incident[]): void;
  adopt(incidents: readonly Incident[], now: number): void;
  history(query: { readonly limit: number; readonly before?: number }): Incident[];
  close(): void;
}

/** Errors: throws what SQLite says; `isCorrupt` tells damage from the rest. */
export function openDatabase(path: string): JournalDatabase {
  const database = new DatabaseSync(path);
  try {
    return prepare(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: DatabaseSync): JournalDatabase {
  database.exec("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > SCHEMA_VERSION) throw new NewerJournal(version, SCHEMA_VERSION);
  const check = database.prepare("PRAGMA quick_check(1)").get();
  if (check?.["quick_check"] !== "ok") throw new CorruptJournal(String(check?.["quick_check"]));
  database.exec(`${SCHEMA}; PRAGMA user_version=${SCHEMA_VERSION}`);

  const readEpoch = database.prepare("SELECT record FROM epoch WHERE id = 1");
  const writeEpoch = database.prepare(
    "INSERT INTO epoch (id, n, record) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET n = excluded.n, record = excluded.record",
  );
  const writeText = database.prepare("INSERT OR IGNORE INTO config_text (digest, text) VALUES (?, ?)");
  const readOwner = database.prepare("SELECT node, name FROM owner WHERE id = 1");
  const writeOwner = database.prepare("INSERT INTO owner (id, node, name) VALUES (1, ?, ?)");
  const readText = database.prepare("SELECT text FROM config_text WHERE digest = ?");
  const writeConfig = database.prepare("INSERT OR REPLACE INTO config (version, record) VALUES (?, ?)");
  const newestConfigs = database.prepare("SELECT record FROM config ORDER BY version DESC LIMIT ?");
  const newest = database.prepare("SELECT record FROM incident WHERE seq < ? ORDER BY seq DESC LIMIT ?");
  const hashAt = database.prepare("SELECT hash FROM incident WHERE seq = ?");
  const insert = database.prepare("INSERT INTO incident (seq, hash, record) VALUES (?, ?, ?)");
  const putAside = database.prepare(
    "INSERT INTO replaced_incident SELECT ?, seq, hash, record FROM incident WHERE seq >= ?",
  );
  const removeFrom = database.prepare("DELETE FROM incident WHERE seq >= ?");

  function transaction(work: () => void): void {
    database.exec("BEGIN IMMEDIATE");
    try {
      work();
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Stores `incidents`; from the first that differs from what is there on, the old ones go aside. */
  function store(incidents: readonly Incident[], now: number): void {
    for (const incident of incidents) {
      const present = hashAt.get(incident.seq)?.["hash"];
      if (present === incident.hash) continue;
      if (present !== undefined) cutFrom(incident.seq, now);
      insert.run(incident.seq, incident.hash, JSON.stringify(incident));
    }
  }

  function cutFrom(seq: number, now: number): void {
    putAside.run(now, seq);
    removeFrom.run(seq);
  }

  const history: JournalDatabase["history"] = ({ limit, before }) =>
    newest.all(before ?? Number.MAX_SAFE_INTEGER, limit).map((row) => parseIncident(String(row["record"])));

  const configs = (limit: number): ConfigStamp[] =>
    newestConfigs.all(limit).map((row) => parseConfigStamp(JSON.parse(String(row["record"]))));

  return {
    claim(owner) {
      const row = readOwner.get();
      if (row !== undefined) return { node: Number(row["node"]), name: String(row["name"]) };
      writeOwner.run(owner.node, owner.name);
      return owner;
    },
    load() {
      const row = readEpoch.get();
      const epoch = row === undefined ? EPOCH_NONE : parseEpochRecord(String(row["record"]));
      const incidents = history({ limit: INCIDENTS_KEPT }).reverse();
      return { epoch, incidents, configs: configs(CONFIGS_KEPT).reverse() };
    },
    saveEpoch: (epoch, text) =>
      transaction(() => {
        if (text !== undefined) writeText.run(epoch.config.digest, text);
        writeEpoch.run(epoch.n, JSON.stringify(epoch));
      }),
    saveConfigs: (stamps) =>
      transaction(() => {
        for (const stamp of stamps) writeConfig.run(stamp.version, JSON.stringify(stamp));
      }),
    configText(digest) {
      const text = readText.get(digest)?.["text"];
      return text instanceof Uint8Array ? text : undefined;
    },
    configs,
    append: (incidents) => transaction(() => store(incidents, Date.now())),
    adopt: (incidents, now) =>
      transaction(() => {
        store(incidents, now);
        const last = incidents.at(-1);
        if (last !== undefined) cutFrom(last.seq + 1, now);
      }),
    history,
    close: () => database.close(),
  };
}
