/** One client on the locks' socket: its lines in, its news out, its locks gone with it. */
import type { Socket } from "node:net";
import { z } from "zod";
import {
  CLIENT_LOCKS_MAX,
  LOCK_LINE_BYTES_MAX,
  LOCKS_VERSION,
  type LockNews,
  LockOrder,
} from "../../api/locks.ts";
import type { LockEvent } from "../../core/locks/types.ts";
import type { LockDesk, OwnerProcess } from "../../ports/lock-desk.ts";

/** Units: bytes that a client has not read. Above the first it is not listened to; above the second it goes. */
const UNREAD_BYTES_PAUSE = 256 * 1024;
const UNREAD_BYTES_MAX = 8 * 1024 * 1024;
/** Orders that may wait for their answer before the client is not listened to. */
const UNANSWERED_MAX = 2_000;

export interface LocksIdentity {
  readonly cluster: string;
  readonly node: string;
}

interface Known {
  readonly id: number;
  readonly persistent: boolean;
  held: boolean;
}

export function serveLocks(
  socket: Socket,
  desk: LockDesk,
  identity: () => LocksIdentity,
  findProcess: (pid: number) => OwnerProcess | undefined,
): void {
  const locks = new Map<number, Known>();
  let owner: { readonly process: OwnerProcess; readonly text: string } | undefined;
  let rest: Buffer = Buffer.alloc(0);
  let unanswered = 0;
  let closed = false;

  function say(news: LockNews): void {
    if (closed) return;
    socket.write(`${JSON.stringify(news)}\n`);
    if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
    else settleFlow();
  }

  /** Back-pressure: whoever does not read its answers, or has many to come, is not read from. */
  function settleFlow(): void {
    const full = socket.writableLength > UNREAD_BYTES_PAUSE || unanswered > UNANSWERED_MAX;
    if (full && !socket.isPaused()) socket.pause();
    else if (!full && socket.isPaused() && !closed) {
      socket.resume();
      setImmediate(workOff);
    }
  }

  function reject(detail: string): void {
    say({ event: "error", detail });
    closed = true;
    socket.end();
  }

  function workOff(): void {
    while (!closed && !socket.isPaused()) {
      const end = rest.indexOf(10);
      if (end < 0) {
        if (rest.length > LOCK_LINE_BYTES_MAX) reject(`a line is longer than ${LOCK_LINE_BYTES_MAX} bytes`);
        return;
      }
      const line = rest.subarray(0, end);
      rest = rest.subarray(end + 1);
      if (line.length > LOCK_LINE_BYTES_MAX) reject(`a line is longer than ${LOCK_LINE_BYTES_MAX} bytes`);
      else onLine(line.toString("utf8"));
    }
  }

  function onLine(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      return reject("a line is no JSON document");
    }
    const parsed = LockOrder.safeParse(json);
    if (!parsed.success) return reject(z.prettifyError(parsed.error).replaceAll("\n", " "));
    const order = parsed.data;
    if (order.op === "hello") onHello(order);
    else if (owner === undefined) reject('the first line must be a "hello"');
    else onOrder(order, owner);
  }

  function onHello({ version, pid, cluster, owner: text }: LockOrder & { op: "hello" }): void {
    const me = identity();
    const process = findProcess(pid);
    if (owner !== undefined) reject('a second "hello"');
    else if (version !== LOCKS_VERSION)
      reject(`version ${version} is not spoken here, only ${LOCKS_VERSION}`);
    else if (cluster !== undefined && cluster !== me.cluster)
      reject(`this is a node of the cluster "${me.cluster}", not of "${cluster}"`);
    else if (process === undefined) reject(`there is no process ${pid} on this node`);
    else {
      owner = { process, text: text ?? `pid ${pid}` };
      say({ event: "hello", version: LOCKS_VERSION, cluster: me.cluster, node: me.node });
    }
  }

  function onOrder(
    order: Exclude<LockOrder, { op: "hello" }>,
    { process, text }: { readonly process: OwnerProcess; readonly text: string },
  ): void {
    const { n } = order;
    const known = locks.get(n);
    if (order.op === "lock" || order.op === "adopt") {
      if (known !== undefined) return say({ event: "refused", n, why: "unknown" });
      if (locks.size >= CLIENT_LOCKS_MAX) return say({ event: "refused", n, why: "limit" });
      if (order.op === "adopt") return adopt(order);
      unanswered++;
      const { op: _op, n: _n, ...wish } = order;
      const persistent = order.persistent === true;
      const owned = persistent ? undefined : process;
      const id = desk.lock({ ...wish, owner: text }, owned, (event) => onEvent(n, event));
      locks.set(n, { id, persistent, held: false });
    } else if (known === undefined) say({ event: "refused", n, why: "unknown" });
    else if (order.op === "cancel") desk.cancel(known.id);
    else {
      unanswered++;
      if (order.op === "unlock") desk.unlock(known.id, order.value);
      else {
        const { op: _op, n: _n, mode, ...more } = order;
        desk.convert(known.id, mode, more);
      }
    }
    settleFlow();
  }

  function adopt({ n, lockspace, name }: LockOrder & { op: "adopt" }): void {
    const found = desk.adopt(lockspace, name, (event) => onEvent(n, event));
    if (found === undefined) return say({ event: "refused", n, why: "unknown" });
    locks.set(n, { id: found.id, persistent: true, held: true });
    say({ event: "granted", n, mode: found.mode });
  }

  function onEvent(n: number, { id: _id, type, ...event }: LockEvent): void {
    const known = locks.get(n);
    if (known === undefined) return;
    if (type !== "blocking" && type !== "lost") unanswered = Math.max(0, unanswered - 1);
    if (type === "granted") known.held = true;
    if (type === "released" || (type === "refused" && !known.held)) locks.delete(n);
    say({ event: type, n, ...event } as LockNews);
  }

  function close(): void {
    closed = true;
    for (const { id, persistent, held } of locks.values()) {
      if (persistent && held) desk.abandon(id);
      else desk.unlock(id);
    }
    locks.clear();
  }

  socket.on("data", (bytes: Buffer) => {
    rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
    workOff();
  });
  socket.on("drain", settleFlow);
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.end());
  socket.on("close", close);
}
