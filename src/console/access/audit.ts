/** Who changed what, when and from where: lines of JSON in a file, the newest also in memory. */
import { appendFile, open, readFile, rename, stat } from "node:fs/promises";
import { AuditRecord } from "../../api/console.ts";

/** Records in memory, which the API shows; older ones are in the files. */
const KEPT = 1_000;
/** Units: bytes. A larger file is put aside as `.1`; there are this many. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
const FILES_KEPT = 4;
/** Units: characters of one value of the arguments. */
const VALUE_CHARS_MAX = 600;
const SECRET_KEYS = new Set(["password", "current", "token", "secret"]);

export type AuditBegin = Omit<AuditRecord, "seq" | "at" | "result" | "code" | "tookMs">;
export type AuditEnd = Pick<AuditRecord, "result" | "code">;

export interface Audit {
  /** Recorded at once, and again with what came of it. Never throws: a full disk must not stop a person. */
  begin(record: AuditBegin): (end: AuditEnd) => void;
  page(limit: number, before?: number): { records: AuditRecord[]; next?: number };
  close(): Promise<void>;
}

export async function openAudit(
  path: string,
  now: () => number,
  onProblem: (text: string) => void,
): Promise<Audit> {
  let records = await load(path);
  let seq = records.at(-1)?.seq ?? 0;
  let writing: Promise<unknown> = Promise.resolve();
  let failing = false;

  function write(record: AuditRecord): void {
    const line = `${JSON.stringify(record)}\n`;
    writing = writing
      .then(() => rotate(path))
      .then(() => appendFile(path, line, { mode: 0o600, flush: true }))
      .then(
        () => {
          failing = false;
        },
        (error: Error) => {
          if (!failing) onProblem(`audit records are not kept: ${error.message}`);
          failing = true;
        },
      );
  }

  return {
    begin(begun) {
      const at = now();
      const record: AuditRecord = { ...begun, args: withoutSecrets(begun.args), seq: ++seq, at };
      records.push(record);
      if (records.length > KEPT * 2) records = records.slice(-KEPT);
      write(record);
      return (end) => {
        Object.assign(record, end, { tookMs: now() - at });
        write(record);
      };
    },
    page(limit, before = Number.MAX_SAFE_INTEGER) {
      const older = records.slice(-KEPT).filter((record) => record.seq < before);
      const page = older.slice(-limit).reverse();
      const last = page.at(-1);
      return { records: page, ...(last !== undefined && older.length > limit ? { next: last.seq } : {}) };
    },
    close: async () => void (await writing),
  };
}

export function withoutSecrets(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => {
      if (SECRET_KEYS.has(key)) return [key, "…"];
      const text = typeof value === "string" ? value : JSON.stringify(value);
      if (text !== undefined && text.length > VALUE_CHARS_MAX)
        return [key, `${text.slice(0, VALUE_CHARS_MAX)}…`];
      return [key, value];
    }),
  );
}

/** The second line about a call replaces the first. A line that is cut off or foreign is passed over. */
async function load(path: string): Promise<AuditRecord[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const bySeq = new Map<number, AuditRecord>();
  for (const line of text.split("\n")) {
    const record = AuditRecord.safeParse(parseJson(line));
    if (record.success) bySeq.set(record.data.seq, record.data);
  }
  if (text !== "" && !text.endsWith("\n")) {
    const file = await open(path, "a");
    await file.write("\n").finally(() => file.close());
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-KEPT);
}

async function rotate(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size < FILE_BYTES_MAX) return;
  for (let n = FILES_KEPT - 1; n >= 1; n--) {
    await rename(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      },
    );
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
