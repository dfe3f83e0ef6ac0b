/** The daemon's part of the locks: who holds what on this host, and the socket through which they ask. */
import { openHeldLog } from "../adapters/locks/held-log.ts";
import { findProcess, isAlive } from "../adapters/locks/processes.ts";
import { openLocksServer } from "../adapters/locks/server.ts";
import { locksSocketOf } from "../api/locks.ts";
import type { Input } from "../core/inputs.ts";
import { createLockDesk, type OpenLockDesk } from "./lock-desk.ts";

export interface OpenLocks extends OpenLockDesk {
  readonly findProcess: typeof findProcess;
  /** Answers what closes the socket. Errors: `DMN_SOCKET`, `DMN_RUNNING`. */
  serve(identity: () => { readonly cluster: string; readonly node: string }): Promise<() => Promise<void>>;
}

/** Errors: throws when what is held cannot be written down. */
export function openLocks(socketPath: string, boot: string, feed: (input: Input) => void): OpenLocks {
  const path = locksSocketOf(socketPath);
  const log = openHeldLog(`${path}.held`, boot);
  const desk = createLockDesk({ feed, log, isAlive });
  return {
    ...desk,
    findProcess,
    serve: (identity) => openLocksServer(path, { desk, identity, findProcess }),
    close() {
      desk.close();
      log.close();
    },
  };
}
