/** The daemon's part of the locks: who holds what on this host, and the socket through which they ask. */
import { openHeldLog } from "../adapters/locks/held-log.ts";
import { findProcess, isAlive } from "../adapters/locks/processes.ts";
import { openLocksServer } from "../adapters/locks/server.ts";
import { createLvmHost } from "../adapters/lvm/host.ts";
import { openLvmServer } from "../adapters/lvm/server.ts";
import { locksSocketOf } from "../api/locks.ts";
import type { Input } from "../core/inputs.ts";
import { keyOf } from "../core/locks/resource.ts";
import { getResource } from "../core/locks/table.ts";
import type { State } from "../core/state.ts";
import { createLockDesk, type OpenLockDesk } from "./lock-desk.ts";

export interface OpenLocks extends OpenLockDesk {
  /** Answers what closes the socket. Errors: `DMN_SOCKET`, `DMN_RUNNING`. */
  /** Takes the place of LVM's lock daemon. Errors: `DMN_SOCKET`, `DMN_RUNNING`. */
  serveLvm(runDir: string, state: () => State): Promise<() => Promise<void>>;
  serve(identity: () => { readonly cluster: string; readonly node: string }): Promise<() => Promise<void>>;
}

/** Errors: throws when what is held cannot be written down. */
export function openLocks(socketPath: string, boot: string, feed: (input: Input) => void): OpenLocks {
  const path = locksSocketOf(socketPath);
  const log = openHeldLog(`${path}.held`, boot);
  const desk = createLockDesk({ feed, log, isAlive });
  return {
    ...desk,
    serve: (identity) => openLocksServer(path, { desk, identity, findProcess }),
    serveLvm(runDir, state) {
      const othersHold = (lockspace: string, name: string): boolean => {
        const { ledger, nodeId } = state();
        const resource = getResource(ledger.locks, keyOf(lockspace, name));
        return resource?.granted.some((lock) => lock.node !== nodeId) === true;
      };
      const host = createLvmHost({
        desk,
        cluster: () => state().config.name,
        othersHold,
        findProcess,
        held: desk.held,
      });
      const paths = { socket: `${runDir}/lvm/lvmlockd.socket`, pidFile: `${runDir}/lvmlockd.pid` };
      return openLvmServer(paths, host.connect);
    },
    close() {
      desk.close();
      log.close();
    },
  };
}
