/** The controller's side of the disks that can hang: a process in the lab that serves them. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { NodeName } from "../../core/ids.ts";
import { NODE_ENVIRONMENT } from "../places.ts";
import { entering } from "../space/enter.ts";

export interface Disks {
  /** Mounts the node's disk at `path` in the namespaces of `pid`. */
  mount(node: NodeName, pid: number, path: string): Promise<void>;
  freeze(node: NodeName): Promise<void>;
  thaw(node: NodeName): Promise<void>;
  /** The node's power is gone: what waits for its disk waits no more. */
  drop(node: NodeName): Promise<void>;
}

/** A mounted disk holds a thread that reads; some more for everything else. */
const THREADS_SPARE = 4;
const COMPLAINT_MAX = 2_000;

/** Ends with the lab. Errors of the process reject whatever is asked of it. */
export function openDisks(labPid: number, nodes: number): Disks {
  const program = fileURLToPath(new URL("./disk-main.ts", import.meta.url));
  const [file = "", ...args] = [...entering(labPid), process.execPath, program];
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(file, args, {
    detached: true,
    env: { ...NODE_ENVIRONMENT, UV_THREADPOOL_SIZE: String(nodes + THREADS_SPARE) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  const asked: PromiseWithResolvers<void>[] = [];
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended = error;
    for (const answer of asked.splice(0)) answer.reject(error);
  };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-COMPLAINT_MAX);
  });
  child.stdin.on("error", () => {}); // The end of the process tells.
  child.on("error", end);
  child.on("close", () => end(new Error(`the disks of the lab are gone: ${complaint.trim() || "ended"}`)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = asked.shift();
    if (line === "ok") answer?.resolve();
    else answer?.reject(new Error(`disk: ${line}`));
  });

  function order(...words: readonly string[]): Promise<void> {
    if (ended !== undefined) return Promise.reject(ended);
    const answer = Promise.withResolvers<void>();
    asked.push(answer);
    child.stdin.write(`${words.join(" ")}\n`);
    return answer.promise;
  }

  return {
    mount: (node, pid, path) => order("mount", node, String(pid), path),
    freeze: (node) => order("freeze", node),
    thaw: (node) => order("thaw", node),
    drop: (node) => order("drop", node),
  };
}
