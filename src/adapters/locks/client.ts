/**
 * The typed client of the locks' socket, for programs in Node: `openLocks`, then `lock`. Everything
 * that a program holds ends with its connection, persistent locks excepted.
 */
import { connect, type Socket } from "node:net";
import { LOCK_LINE_BYTES_MAX, LOCKS_VERSION, LockNews, type LockOrder } from "../../api/locks.ts";
import type { HeldLock, LockOptions, Locks } from "../../api/locks-client.ts";
import { OperationError } from "../../core/errors.ts";
import type { Mode } from "../../core/locks/modes.ts";
import type { LockValue } from "../../core/locks/resource.ts";

type News = Extract<LockNews, { n: number }>;
const REFUSED = {
  busy: ["LCK_BUSY", "somebody else holds it"],
  deadlock: ["LCK_DEADLOCK", "the conversion waits for one that waits for it"],
  cancelled: ["LCK_CANCELLED", "it was not waited for any longer"],
  limit: ["LCK_LIMIT", "there are too many locks already"],
  unknown: ["LCK_UNKNOWN", "there is no such lock"],
} as const;

/** Errors: `IPC_UNREACHABLE`; `LCK_REFUSED` with what the daemon does not like. */
export async function openLocks(path: string, owner: string, cluster?: string): Promise<Locks> {
  const wires = await openWires(path);
  wires.send({
    op: "hello",
    version: LOCKS_VERSION,
    pid: process.pid,
    owner,
    ...(cluster === undefined ? {} : { cluster }),
  });
  const hello = await wires.hello.catch((error: unknown) => {
    wires.close();
    throw error;
  });
  let last = 0;

  function begin(order: (n: number) => LockOrder, options: LockOptions): Promise<HeldLock> {
    const n = ++last;
    let mode: Mode | undefined;
    let value: LockValue | undefined;
    let waiting: { resolve(): void; reject(error: Error): void } | undefined;
    const answer = (): Promise<void> =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    const settle = (error?: Error): void => {
      const one = waiting;
      waiting = undefined;
      if (error === undefined) one?.resolve();
      else one?.reject(error);
    };
    wires.listen(n, (news) => {
      switch (news.event) {
        case "granted":
          mode = news.mode;
          value = news.value;
          return settle();
        case "released":
          wires.forget(n);
          return settle(
            mode === undefined ? new OperationError("LCK_CANCELLED", REFUSED.cancelled[1]) : undefined,
          );
        case "refused": {
          const [code, detail] = REFUSED[news.why];
          if (mode === undefined) wires.forget(n);
          return settle(new OperationError(code, detail));
        }
        case "blocking":
          return options.onBlocking?.(news.mode);
        case "lost": {
          settle(new OperationError("LCK_LOST", news.why));
          return options.onLost?.(news.why);
        }
      }
    });
    const cancel = (): void => wires.send({ op: "cancel", n });
    options.signal?.addEventListener("abort", cancel, { once: true });
    const first = answer().finally(() => options.signal?.removeEventListener("abort", cancel));
    wires.send(order(n));
    return first.then(() => ({
      get mode() {
        return mode as Mode;
      },
      get value() {
        return value;
      },
      async convert(next, more = {}) {
        const done = answer();
        wires.send({ op: "convert", n, mode: next, ...more });
        await done;
      },
      async release(data) {
        const done = answer();
        wires.send({ op: "unlock", n, ...(data === undefined ? {} : { value: data }) });
        await done;
      },
    }));
  }

  return {
    descriptor: descriptorOf(wires.socket),
    cluster: hello.cluster,
    node: hello.node,
    lock: (name, options = {}) =>
      begin(
        (n) => ({
          op: "lock",
          n,
          name,
          lockspace: options.lockspace ?? "default",
          mode: options.mode ?? "EX",
          ...(options.noQueue === true ? { noQueue: true } : {}),
          ...(options.persistent === true ? { persistent: true } : {}),
        }),
        options,
      ),
    adopt: (name, options = {}) =>
      begin((n) => ({ op: "adopt", n, name, lockspace: options.lockspace ?? "default" }), options),
    close: wires.close,
  };
}

/** Not the stream itself: Node stops reading from one that it gives to a child. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as Socket & { readonly _handle?: { readonly fd?: number } };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
}

interface Wires {
  readonly socket: Socket;
  readonly hello: Promise<Extract<LockNews, { event: "hello" }>>;
  send(order: LockOrder): void;
  listen(n: number, onNews: (news: News) => void): void;
  forget(n: number): void;
  close(): void;
}

async function openWires(path: string): Promise<Wires> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const made = connect(path, () => resolve(made));
    made.once("error", (error) =>
      reject(new OperationError("IPC_UNREACHABLE", `no bouncerd gives locks at ${path}: ${error.message}`)),
    );
  });
  const listeners = new Map<number, (news: News) => void>();
  const hello = Promise.withResolvers<Extract<LockNews, { event: "hello" }>>();
  hello.promise.catch(() => {}); // Whoever waits for it hears of it.
  let rest = "";
  let ended = false;
  let why = "the connection to bouncerd ended";

  function onLine(line: string): void {
    const parsed = LockNews.safeParse(JSON.parse(line));
    if (!parsed.success) return; // Of a newer daemon.
    const news = parsed.data;
    if (news.event === "hello") hello.resolve(news);
    else if (news.event === "error") {
      why = news.detail;
      hello.reject(new OperationError("LCK_REFUSED", why));
    } else listeners.get(news.n)?.(news);
  }

  function end(): void {
    if (ended) return;
    ended = true;
    hello.reject(new OperationError("IPC_UNREACHABLE", why));
    for (const [n, listener] of [...listeners]) listener({ event: "lost", n, why });
    listeners.clear();
  }

  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > 16 * LOCK_LINE_BYTES_MAX) socket.destroy();
    for (const line of lines) onLine(line);
  });
  socket.on("error", (error) => {
    why = `the connection to bouncerd ended: ${error.message}`;
  });
  socket.on("close", end);
  return {
    socket,
    hello: hello.promise,
    send: (order) => void socket.write(`${JSON.stringify(order)}\n`),
    listen: (n, onNews) => void listeners.set(n, onNews),
    forget: (n) => void listeners.delete(n),
    close() {
      ended = true;
      socket.destroy();
    },
  };
}
