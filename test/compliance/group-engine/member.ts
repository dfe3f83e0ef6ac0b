/** The test's end of one engine child: what it has seen so far, and how to wait for more. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ChildCommand, ChildEvent, ChildOptions, MessageSeen, ViewSeen } from "./events.ts";

/** Nothing that a test waits for takes nearly so long; past it the test fails and says why. */
const WAIT_MS_MAX = 30_000;

const CHILD = fileURLToPath(new URL("./engine-child.ts", import.meta.url));

export interface Member {
  readonly nodeId: number;
  readonly processId: string;
  readonly pid: number;
  readonly events: readonly ChildEvent[];
  /** Resolves with what `look` finds, now or after one of the next events. */
  until<T>(what: string, look: () => T | undefined): Promise<T>;
  views(): readonly ViewSeen[];
  messages(): readonly MessageSeen[];
  send(text: string, more?: { count?: number; pad?: number }): Promise<number>;
  sendRaw(hex: string): Promise<number>;
  nodes(): Promise<readonly unknown[]>;
  veto(because: string | null): void;
  signal(signal: NodeJS.Signals): void;
  /** Leaves in order; resolves when the process has ended. */
  close(): Promise<void>;
  /** SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>;
}

/** `enter`: command and arguments that put the child where its engine can be reached. */
export async function startMember(
  nodeId: number,
  options: ChildOptions,
  enter: readonly string[] = [],
): Promise<Member> {
  const [command, ...args] = [...enter, process.execPath, CHILD, JSON.stringify(options)];
  const child = spawn(command ?? process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const events: ChildEvent[] = [];
  const watchers = new Set<() => void>();
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let ids = 0;
  child.stdin.on("error", () => {}); // It was killed: `exited` tells.

  function notify(): void {
    for (const watcher of [...watchers]) watcher();
  }
  createInterface({ input: child.stdout }).on("line", (line) => {
    events.push(JSON.parse(line) as ChildEvent);
    notify();
  });
  void exited.then(notify);

  function until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => finish(() => reject(new Error(describe(what)))), WAIT_MS_MAX);
      const finish = (settle: () => void): void => {
        clearTimeout(limit);
        watchers.delete(check);
        settle();
      };
      const check = (): void => {
        const found = look();
        if (found !== undefined) finish(() => resolve(found));
        else if (isGone(child)) finish(() => reject(new Error(`${describe(what)} (its process ended)`)));
      };
      watchers.add(check);
      check();
    });
  }

  function describe(what: string): string {
    const last = events.slice(-12).map((event) => JSON.stringify(event));
    return `node ${nodeId} never saw: ${what}; its last events:\n${last.join("\n")}`;
  }

  function tell(order: ChildCommand): void {
    child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  async function sent(make: (id: number) => ChildCommand): Promise<number> {
    ids += 1;
    const id = ids;
    tell(make(id));
    return until("its own send", () => {
      const event = events.find((e) => e.type === "sent" && e.id === id);
      return event?.type === "sent" ? event.accepted : undefined;
    });
  }

  const ready = await until("ready", () => events.find((e) => e.type === "ready" || e.type === "failed"));
  if (ready.type !== "ready") {
    await exited;
    throw Object.assign(new Error(JSON.stringify(ready)), { event: ready });
  }

  return {
    nodeId: ready.nodeId,
    processId: ready.processId,
    pid: Number(ready.processId),
    events,
    until,
    views: () => events.filter((event) => event.type === "view"),
    messages: () => events.filter((event) => event.type === "message"),
    send: (text, { count = 1, pad = 0 } = {}) => sent((id) => ({ op: "send", id, text, count, pad })),
    sendRaw: (hex) => sent((id) => ({ op: "send-raw", id, hex })),
    async nodes() {
      ids += 1;
      const id = ids;
      tell({ op: "nodes", id });
      const event = await until("nodes", () => events.find((e) => e.type === "nodes" && e.id === id));
      return event.type === "nodes" ? event.nodes : [];
    },
    veto: (because) => tell({ op: "veto", because }),
    signal: (signal) => void child.kill(signal),
    close() {
      tell({ op: "close" });
      return exited;
    },
    kill() {
      child.kill("SIGKILL");
      return exited;
    },
  };
}

function isGone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
