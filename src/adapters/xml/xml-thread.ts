/**
 * Reads XML on a thread that exists only while there is some: the library's memory, a sixth of what a
 * waiting daemon would need, goes back to the system, and no file stops the daemon's own loop.
 */
import { Worker } from "node:worker_threads";
import type { ConfigTree } from "../../config/tree.ts";
import type { AgentMetadata } from "../../ports/agent-metadata.ts";
import { withTimeLimit } from "../process/time-limit.ts";
import {
  IDLE_MS,
  JOB_MS_MAX,
  JOBS_WAITING_MAX,
  REST_MS_MAX,
  THREAD_HEAP_MB_MAX,
  THREADS_ENDING_MAX,
} from "./limits.ts";
import type { XmlAnswer, XmlJob } from "./protocol.ts";

export interface XmlThread {
  /** Errors: rejects with a sentence when the thread dies, takes too long or has too much to do. */
  readConfig(bytes: Uint8Array): Promise<ConfigTree>;
  /** Undefined: not metadata, or the thread gave no answer. Never rejects. */
  readMetadata(text: string): Promise<AgentMetadata | undefined>;
  /** Ends a thread that waits for more, sooner than by itself; resolves when it is gone, or soon after. */
  rest(): Promise<void>;
  /** Ends the thread; whoever waits for it gets an error. */
  close(): void;
}

export interface XmlThreadOptions {
  /** What runs on the thread. */
  readonly entry?: URL;
  readonly jobMsMax?: number;
  readonly idleMs?: number;
}

interface Waiting {
  readonly job: XmlJob;
  resolve(answer: XmlAnswer): void;
  reject(error: Error): void;
}

/**
 * Order: one job at a time, in the order of asking; one that fails takes no other with it. The thread
 * ends a moment after its last job.
 */
export function openXmlThread({
  entry = new URL("./worker.ts", import.meta.url),
  jobMsMax = JOB_MS_MAX,
  idleMs = IDLE_MS,
}: XmlThreadOptions = {}): XmlThread {
  const waiting: Waiting[] = [];
  let worker: Worker | undefined;
  let busy: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;
  let threadsEnding = 0;
  let closed = false;

  function start(): Worker {
    const started = new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB_MAX },
      // Nothing that the library may print, half a password perhaps, reaches the log.
      stdout: true,
      stderr: true,
    });
    started.stdout.resume();
    started.stderr.resume();
    // The message of what was thrown may quote the file: only its kind is passed on.
    const gone = (why: string): void => {
      if (started === worker) fail(why);
    };
    started.on("message", (answer: XmlAnswer) => {
      if (started === worker) settle((job) => job.resolve(answer));
    });
    started.on("error", (error: NodeJS.ErrnoException) => gone(`died (${error.code ?? error.name})`));
    started.on("messageerror", () => gone("gave an answer that cannot be read"));
    started.on("exit", () => gone("ended"));
    return started;
  }

  /** Not awaited: a thread that hangs in the kernel ends only when a disk answers. */
  function drop(): Promise<unknown> {
    const dropped = worker;
    worker = undefined;
    if (dropped === undefined) return Promise.resolve();
    dropped.unref();
    threadsEnding += 1;
    return dropped.terminate().finally(() => {
      threadsEnding -= 1;
      handOver();
    });
  }

  function fail(why: string): void {
    void drop();
    settle((job) => job.reject(unreadable(why)));
  }

  function settle(tell: (job: Waiting) => void): void {
    clearTimeout(timer);
    const done = busy;
    busy = waiting.shift();
    if (busy === undefined) linger();
    else begin();
    if (done !== undefined) tell(done);
  }

  function linger(): void {
    worker?.unref();
    timer = setTimeout(drop, idleMs).unref();
  }

  /** From here on the job's time runs. */
  function begin(): void {
    timer = setTimeout(() => fail(`took longer than ${jobMsMax} ms and was ended`), jobMsMax);
    handOver(worker);
  }

  /** Once for each job: to the thread that did the one before, or to a new one when one may start. */
  function handOver(ready?: Worker): void {
    if (busy === undefined) return;
    if (ready === undefined && (worker !== undefined || threadsEnding >= THREADS_ENDING_MAX)) return;
    worker ??= start();
    worker.postMessage(busy.job);
  }

  function ask(job: XmlJob): Promise<XmlAnswer> {
    if (closed) return Promise.reject(unreadable("is closed"));
    if (waiting.length >= JOBS_WAITING_MAX) {
      return Promise.reject(unreadable(`has ${JOBS_WAITING_MAX} texts to read already`));
    }
    return new Promise((resolve, reject) => {
      waiting.push({ job, resolve, reject });
      if (busy === undefined) settle(() => {});
    });
  }

  return {
    async readConfig(bytes) {
      const answer = await ask({ type: "config", bytes });
      if (answer.type === "config") return answer.tree;
      throw unreadable("answered something else");
    },
    async readMetadata(text) {
      try {
        const answer = await ask({ type: "metadata", text });
        return answer.type === "metadata" ? answer.metadata : undefined;
      } catch {
        return undefined; // The agent counts as one that does not describe itself, and is asked again.
      }
    },
    async rest() {
      if (busy === undefined) await withTimeLimit<unknown>(drop(), REST_MS_MAX, undefined);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      const left = [...(busy === undefined ? [] : [busy]), ...waiting.splice(0)];
      busy = undefined;
      void drop();
      for (const job of left) job.reject(unreadable("is closed"));
    },
  };
}

function unreadable(why: string): Error {
  return new Error(`the thread that reads XML ${why}`);
}
