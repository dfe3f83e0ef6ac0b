/** `lab up`: a lab that runs until `lab down`. The part that stays behind, and the part that starts it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { interrupted } from "../demo/signals.ts";
import type { LabAgent } from "./agent.ts";
import { openControl } from "./control.ts";
import { openLabStage } from "./stage.ts";

export interface UpOptions {
  readonly nodes: number;
  readonly tokenMs: number;
  readonly agent: LabAgent;
  /** Corosync and the controllers only, without bouncerd. */
  readonly bare?: true;
  /** With a shared block device, and LVM's commands answered by bouncerd. */
  readonly lvm?: "bouncerd";
}

/** Problems of the lab that are kept for `lab status`. */
const PROBLEMS_MAX = 100;
/** What the part that stays behind says when everything runs; anything else is why not. */
const READY = "ready ";

/** Holds a lab until somebody ends it. Prints one line when it runs. */
export async function serve(options: UpOptions): Promise<number> {
  const problems: string[] = [];
  const abort = new AbortController();
  const ending = Promise.withResolvers<number>();
  const stopped = interrupted().then((code) => {
    abort.abort(); // Ends the lab at once, also while it is being opened.
    ending.resolve(code);
    return code;
  });
  try {
    const stage = await openLabStage({
      ...options,
      signal: abort.signal,
      say: (line) => void (problems.length < PROBLEMS_MAX && problems.push(line)),
    });
    void stage.lab.gone.then(() => ending.resolve(1));
    const control = await openControl({ stage, problems, onDown: () => ending.resolve(0) });
    process.stdout.write(`${READY}${stage.lab.id}\n`);
    const code = await ending.promise;
    await stage.close();
    await control.close();
    return code;
  } catch (error) {
    if (abort.signal.aborted) return stopped;
    throw error;
  }
}

/** Starts a process that serves, and returns once its lab runs. Errors: rejects with what it said. */
export async function up(options: UpOptions): Promise<{ readonly id: string }> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const numbers = [
    "--nodes",
    String(options.nodes),
    "--token",
    String(options.tokenMs),
    "--agent",
    options.agent,
  ];
  const flags = [
    ...(options.bare === true ? ["--bare"] : []),
    ...(options.lvm === undefined ? [] : ["--lvm"]),
  ];
  const args = [main, "serve", ...numbers, ...flags];
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    complaint += chunk;
  });
  const ended = once(child, "close").then(() => `the lab did not start: ${complaint.trim()}`);
  const said = once(createInterface({ input: child.stdout }), "line").then(([line]) => String(line));
  const first = await Promise.race([said, ended]);
  if (!first.startsWith(READY)) throw new Error(first);
  child.unref();
  child.stdout.destroy();
  child.stderr.destroy();
  return { id: first.slice(READY.length) };
}
