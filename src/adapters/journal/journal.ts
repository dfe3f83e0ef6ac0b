/** {@link Journal} on SQLite, on a thread of its own: a hung disk delays promises and nothing else. */
import { Worker } from "node:worker_threads";
import type { ConfigStamp } from "../../core/configuration/stamp.ts";
import { OperationError } from "../../core/errors.ts";
import type { DurableState, Incident } from "../../core/ledger.ts";
import type { Journal } from "../../ports/journal.ts";
import type { JournalAnswer, JournalJob, Loaded } from "./protocol.ts";

/** Jobs that wait for the disk. Beyond it the disk counts as broken and jobs are refused at once. */
export const JOBS_WAITING_MAX = 512;
/** Units: ms. How long `load` may take before the start is given up. */
export const LOAD_MS_MAX = 30_000;
/** Units: ms. How long `close` waits for the disk; the lock goes with the process anyway. */
export const CLOSE_MS_MAX = 2_000;

export interface StateJournal extends Journal {
  /** Sentences about damage that was found at load. */
  notices(): readonly string[];
  /** Jobs that wait right now. */
  waiting(): number;
  /** Resolves with the path. Of the files whose names begin alike up to the first `-`, `keep` stay. */
  writeFile(name: string, lines: readonly string[], keep: number): Promise<string>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export function openJournal(directory: string): StateJournal {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { directory },
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
  });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let notices: readonly string[] = [];
  let ended: Error | undefined;

  worker.on("message", (answer: JournalAnswer) => {
    const job = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) job?.resolve(answer.result);
    else job?.reject(new OperationError(answer.code, answer.detail));
  });
  const end = (why: string): void => {
    ended ??= new OperationError("JNL_UNREADABLE", why);
    for (const job of waiting.values()) job.reject(ended);
    waiting.clear();
  };
  worker.on("error", (error: Error) => end(`the journal's thread died: ${error.message}`));
  worker.on("exit", () => end("the journal is closed"));

  function ask(job: JournalJob): Promise<unknown> {
    if (ended !== undefined) return Promise.reject(ended);
    if (waiting.size >= JOBS_WAITING_MAX) {
      const detail = `the disk of ${directory} does not answer: ${waiting.size} writes wait for it`;
      return Promise.reject(new OperationError("JNL_UNREADABLE", detail));
    }
    return new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, job });
    });
  }

  return {
    async load(): Promise<DurableState> {
      const limit = rejectAfter(LOAD_MS_MAX, `the disk of ${directory} did not answer within 30 s`);
      const loaded = (await Promise.race([ask({ type: "load" }), limit.promise]).finally(
        limit.clear,
      )) as Loaded;
      notices = loaded.notices;
      return loaded.state;
    },
    claim: async ({ id, name }) => void (await ask({ type: "claim", node: id, name })),
    notices: () => notices,
    waiting: () => waiting.size,
    saveEpoch: async (epoch, text) =>
      void (await ask({ type: "save-epoch", epoch, ...(text === undefined ? {} : { text }) })),
    saveConfigs: async (configs) => void (await ask({ type: "save-configs", configs })),
    configText: async (digest) => (await ask({ type: "config-text", digest })) as Uint8Array | undefined,
    configs: async (query) => (await ask({ type: "configs", ...query })) as readonly ConfigStamp[],
    appendIncidents: async (incidents) => void (await ask({ type: "append", incidents })),
    adoptIncidents: async (incidents) => void (await ask({ type: "adopt", incidents })),
    history: async (query) => (await ask({ type: "history", ...query })) as readonly Incident[],
    writeFile: async (name, lines, keep) => (await ask({ type: "write-file", name, lines, keep })) as string,
    async close() {
      if (ended !== undefined) return;
      const limit = rejectAfter(CLOSE_MS_MAX, "the disk does not answer");
      await Promise.race([ask({ type: "close" }), limit.promise]).catch(() => {});
      limit.clear();
      // Not awaited: a thread that hangs in the kernel ends only when the disk answers.
      void worker.terminate();
    },
  };
}

function rejectAfter(delayMs: number, detail: string): { promise: Promise<never>; clear: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OperationError("JNL_UNREADABLE", detail)), delayMs);
  promise.catch(() => {});
  return { promise, clear: () => clearTimeout(timer) };
}
