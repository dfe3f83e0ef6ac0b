/**
 * What one host may answer its LVM commands, in the place of LVM's lock daemon: its volume groups, its
 * volumes' locks, and the commands that are connected. Source: lvmlockd(8), and what the real one answers.
 */
import type { LockClaim } from "../../core/locks/types.ts";
import type { LockDesk, OwnerProcess } from "../../ports/lock-desk.ts";
import { createGroups, type Groups } from "./groups.ts";
import { createLockSet, type LockSet } from "./lock-set.ts";
import { createTurns, type Turns } from "./turns.ts";

export interface LvmHostPorts {
  readonly desk: LockDesk;
  readonly cluster: () => string;
  /** Owners of the locks that other nodes hold on this. */
  readonly othersOf: (lockspace: string, name: string) => readonly string[];
  readonly findProcess: (pid: number) => OwnerProcess | undefined;
  /** Persistent locks of this host from before this start. */
  readonly held: readonly LockClaim[];
  /** Resolves at once, or when the gate opens. */
  readonly whenOpen: () => Promise<void>;
  /** Has every node that uses the volume take its new size. Resolves with what went wrong; empty: nothing. */
  readonly refresh: (lockspace: string, uuid: string, path: string) => Promise<readonly string[]>;
  /** Volumes of the group that are mapped on this host; undefined: nobody can tell. */
  readonly mapped: (group: string) => Promise<readonly string[] | undefined>;
  /** Hands a text to `lvmlockctl`. */
  readonly sendDump: (text: string) => void;
}

/** One command that is connected, for `lvmlockctl --info`. */
export interface ClientEntry {
  readonly id: number;
  pid: number;
  name: string;
  readonly locks: LockSet;
}

/** What the commands of one host have in common. */
export interface Host extends LvmHostPorts {
  /** Locks that belong to the host, not to a command. */
  readonly locks: LockSet;
  readonly groups: Groups;
  readonly clients: Set<ClientEntry>;
  readonly turns: Turns;
}

export function createLvmHost(ports: LvmHostPorts): Host {
  const locks = createLockSet(ports.desk);
  for (const { lockspace, name, persistent } of ports.held) {
    if (persistent === true && lockspace.startsWith("lvm_")) locks.adopt(lockspace, name);
  }
  const groups = createGroups(ports, locks);
  return { ...ports, locks, groups, clients: new Set(), turns: createTurns() };
}
