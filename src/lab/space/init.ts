/**
 * An init that the controller drives: the first process of a lab, of a node or of a management
 * controller, running one of `src/lab/sh/*-init.sh`. Commands go in, events come out.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { quoted } from "./enter.ts";

export interface Init {
  /** Pid as the host counts it: names the namespaces, and takes the signals. */
  readonly pid: number;
  /** Resolves when the init and everything in its pid namespace is gone. Never rejects. */
  readonly gone: Promise<void>;
  /** Runs one shell command in the init itself. Errors: rejects when its code is not 0, or the init is gone. */
  order(command: string): Promise<void>;
  /** Starts a service below the init; its output is appended to `log`. Order: resolves once it runs. */
  start(service: string, log: string, command: readonly string[]): Promise<Service>;
  /** Ends the init, and with it everything below it. Idempotent. */
  kill(): void;
}

export interface Service {
  /** Pid inside the init's pid namespace. */
  readonly pid: number;
  /** Resolves with its exit code (128 + signal) when it ended. Stays open when the init dies first. */
  readonly ended: Promise<number>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** Units: characters of standard error that are kept for a message. */
const COMPLAINT_MAX = 4_000;
const READY_TIMEOUT_MS = 15_000;

/** Errors: rejects when the script does not get ready in time, with what it complained about. */
export async function openInit(
  argv: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Init> {
  const [file, ...args] = argv;
  if (file === undefined) throw new Error("nothing to run");
  const child: Child = spawn(file, args, {
    detached: true, // Signals of the terminal are for the controller alone.
    env: options.env ?? process.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const complaint = keepTail(child.stderr);
  const ready = Promise.withResolvers<number>();
  const orders = new Map<number, Waiter<number>>();
  const starting = new Map<string, Waiter<Service>>();
  const running = new Map<string, Waiter<number>>();
  let sent = 0;
  let isGone = false;

  const gone = new Promise<void>((resolve) => {
    child.on("error", (error) => ready.reject(error));
    child.on("close", () => {
      isGone = true;
      const error = new Error(`the init ended: ${complaint() || "killed"}`);
      ready.reject(error);
      for (const waiter of [...orders.values(), ...starting.values()]) waiter.reject(error);
      resolve();
    });
  });
  ready.promise.catch(() => {}); // Handled below; it may be rejected again after that.
  child.stdin.on("error", () => {}); // `gone` tells.
  createInterface({ input: child.stdout }).on("line", onLine);

  function onLine(line: string): void {
    const [word, first = "", second = ""] = line.split(" ");
    if (word === "ready") ready.resolve(Number(first));
    if (word === "done") orders.get(Number(first))?.resolve(Number(second));
    if (word === "started") {
      const ended = Promise.withResolvers<number>();
      running.set(first, ended);
      starting.get(first)?.resolve({ pid: Number(second), ended: ended.promise });
    }
    if (word === "ended") running.get(first)?.resolve(Number(second));
  }

  async function order(command: string): Promise<void> {
    if (isGone) throw new Error("the init is gone");
    if (command.includes("\n")) throw new Error("an order is one line");
    const number = ++sent;
    const answer = Promise.withResolvers<number>();
    orders.set(number, answer);
    child.stdin.write(`${number} ${command}\n`);
    const code = await answer.promise.finally(() => orders.delete(number));
    if (code !== 0) throw new Error(`\`${command}\` ended with ${code}: ${complaint()}`);
  }

  async function start(service: string, log: string, command: readonly string[]): Promise<Service> {
    const started = Promise.withResolvers<Service>();
    started.promise.catch(() => {}); // When the order itself fails, nobody looks at this one.
    starting.set(service, started);
    await order(["service", service, log, ...command].map(quoted).join(" "));
    return started.promise.finally(() => starting.delete(service));
  }

  const late = AbortSignal.timeout(READY_TIMEOUT_MS);
  late.addEventListener("abort", () => ready.reject(new Error(`not ready in time: ${complaint()}`)));
  try {
    const pid = await ready.promise;
    const kill = (): void => {
      if (!isGone) killQuietly(pid);
    };
    return { pid, gone, order, start, kill };
  } catch (error) {
    child.stdin.destroy(); // End of input ends the script wherever it is, and so its namespaces.
    child.kill("SIGKILL");
    throw new Error(`\`${argv.join(" ")}\`: ${(error as Error).message}`);
  }
}

function keepTail(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-COMPLAINT_MAX);
  });
  return () => text.trim();
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
