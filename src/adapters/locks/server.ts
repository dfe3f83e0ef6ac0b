/** The locks' socket: one client per connection, and no more of them than can be served. */
import { createServer, type Socket } from "node:net";
import { OperationError } from "../../core/errors.ts";
import type { LockDesk, OwnerProcess } from "../../ports/lock-desk.ts";
import { claimSocketPath, giveSocketToGroup, SOCKET_UMASK } from "../http/socket-path.ts";
import { type LocksIdentity, serveLocks } from "./connection.ts";

/** Clients at once. */
export const LOCK_CLIENTS_MAX = 1_000;

export interface LocksServerPorts {
  readonly desk: LockDesk;
  readonly identity: () => LocksIdentity;
  readonly findProcess: (pid: number) => OwnerProcess | undefined;
}

/** Returns what closes it. Errors: `DMN_SOCKET`, `DMN_RUNNING`. */
export async function openLocksServer(path: string, ports: LocksServerPorts): Promise<() => Promise<void>> {
  const claim = await claimSocketPath(path);
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    if (clients.size >= LOCK_CLIENTS_MAX) {
      socket.on("error", () => {}); // It may be gone already.
      const detail = `${LOCK_CLIENTS_MAX} clients are connected already`;
      socket.end(`${JSON.stringify({ event: "error", detail })}\n`, () => socket.destroy());
      return;
    }
    clients.add(socket);
    socket.on("close", () => clients.delete(socket));
    serveLocks(socket, ports.desk, ports.identity, ports.findProcess);
  });
  const before = process.umask(SOCKET_UMASK);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    giveSocketToGroup(path);
  } catch (error) {
    claim.close();
    throw new OperationError("DMN_SOCKET", `the socket ${path} cannot be made: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    process.umask(before);
  }
  return async () => {
    for (const client of clients) client.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    claim.close();
  };
}
