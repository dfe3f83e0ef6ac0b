/**
 * The loopback hub: a Unix socket at which the daemons of one machine meet, as on a wire that can
 * be cut. For the demo, for development and for tests: nothing here survives the hub's own death.
 */
import { randomBytes } from "node:crypto";
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { NodeId } from "../../core/ids.ts";
import { createFrameReader, FrameError, writeFrame } from "./frame.ts";
import { createHubClient, type HubClient } from "./hub-client.ts";
import { performControl } from "./hub-control.ts";
import { createLinks } from "./links.ts";
import {
  encodeStamp,
  FRAME,
  formatJson,
  machineNow,
  PROCESSES_MAX,
  parseControlRequest,
  parseHello,
} from "./protocol.ts";
import { createSwitchboard } from "./switchboard.ts";

/** Engines and control clients together; more are turned away at the door. */
const CONNECTIONS_MAX = 2 * PROCESSES_MAX;

/** Pings per token time. */
const PROBES_PER_TOKEN = 4;

export interface HubOptions {
  readonly socketPath: string;
  readonly tokenMs: number;
}

export interface Hub {
  /** Ends every connection, as if the hub had died. */
  close(): Promise<void>;
  /** Resolves when the hub has closed, also on request of a control client. */
  readonly closed: Promise<void>;
}

/** Errors: rejects with what `listen` says, EADDRINUSE for a path that exists. */
export async function openHub({ socketPath, tokenMs }: HubOptions): Promise<Hub> {
  const links = createLinks();
  const sockets = new Set<Socket>();
  const clients = new Map<Socket, HubClient>();
  const timers = new Set<NodeJS.Timeout>();
  const run = randomBytes(4).toString("hex");
  let rings = 0;

  function wakeAfter(delayMs: number, wake: () => void): () => void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      wake();
    }, delayMs);
    timers.add(timer);
    return () => {
      timers.delete(timer);
      clearTimeout(timer);
    };
  }

  const switchboard = createSwitchboard({
    links,
    tokenMs,
    wakeAfter,
    nextRingId: () => {
      rings += 1;
      return `loop-${run}-${rings}`;
    },
  });

  const control = {
    links,
    switchboard,
    tokenMs,
    veto(): string | undefined {
      for (const { seat, veto } of clients.values()) {
        if (veto !== undefined) return `node ${seat.process.nodeId}: ${veto}`;
      }
      return undefined;
    },
    shutdown: () => setImmediate(() => void close()),
    dropNode(node: NodeId): void {
      const dead = [...clients].filter(([, { seat }]) => seat.process.nodeId === node);
      wakeAfter(tokenMs, () => {
        for (const [socket] of dead) socket.destroy();
      });
    },
  };

  function admit(socket: Socket, body: Buffer): void {
    const hello = parseHello(body);
    for (const [other, { seat }] of clients) {
      const { nodeId, processId } = seat.process;
      if (nodeId === hello.nodeId && processId === hello.processId) evict(other);
    }
    if (clients.size >= PROCESSES_MAX) {
      writeFrame(socket, FRAME.refused, encodeStamp(), formatJson({ problem: "the hub is full" }));
      socket.end();
      return;
    }
    clients.set(socket, createHubClient(socket, hello, switchboard, tokenMs));
  }

  function evict(socket: Socket): void {
    clients.get(socket)?.onClose();
    clients.delete(socket);
    socket.destroy();
  }

  function onFrame(socket: Socket, type: number, body: Buffer): void {
    const client = clients.get(socket);
    if (client !== undefined) {
      client.onFrame(type, body);
    } else if (type === FRAME.hello) {
      admit(socket, body);
    } else if (type === FRAME.control) {
      const reply = performControl(parseControlRequest(body), control);
      writeFrame(socket, FRAME.reply, encodeStamp(), formatJson(reply));
    } else {
      throw new FrameError(`frame type ${type} from a stranger`);
    }
  }

  const server = createServer((socket) => {
    if (sockets.size >= CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    const feed = createFrameReader((type, body) => {
      if (!socket.destroyed) onFrame(socket, type, body);
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        feed(chunk);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        refuse(socket, error.message);
      }
    });
    socket.on("drain", () => clients.get(socket)?.onDrain());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      clients.get(socket)?.onClose();
      clients.delete(socket);
    });
  });

  /** Tells a peer that does not speak our protocol why it is turned out. */
  function refuse(socket: Socket, problem: string): void {
    socket.removeAllListeners("data");
    socket.resume();
    const known = clients.get(socket);
    if (known === undefined) {
      writeFrame(socket, FRAME.refused, encodeStamp(), formatJson({ problem: problem.slice(0, 900) }));
      socket.end();
    } else {
      evict(socket);
    }
  }

  let probedAt = machineNow();
  const probe = setInterval(() => {
    const now = machineNow();
    const wasLate = now - probedAt > tokenMs / 2;
    probedAt = now;
    for (const client of [...clients.values()]) {
      if (wasLate) client.forgive();
      client.probe();
    }
  }, tokenMs / PROBES_PER_TOKEN);

  await listen(server, socketPath);
  chmodSync(socketPath, 0o600);
  const closed = new Promise<void>((resolve) => server.once("close", resolve));

  function close(): Promise<void> {
    clearInterval(probe);
    for (const timer of timers) clearTimeout(timer);
    clients.clear();
    server.close();
    for (const socket of sockets) socket.destroy();
    return closed;
  }

  return { close, closed };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
