/** Where programs of this host get their locks: between their sockets and the core. */
import type { Mode } from "../core/locks/modes.ts";
import type { LockEvent } from "../core/locks/types.ts";

export interface LockWish {
  readonly lockspace: string;
  readonly name: string;
  readonly mode: Mode;
  /** For people: "lvcreate (pid 811)". */
  readonly owner: string;
  readonly noQueue?: true;
  readonly persistent?: true;
  /** Not to be kept by the node once it is given back. */
  readonly once?: true;
}

/** The process for which a lock is held: what a restarted daemon looks for. */
export interface OwnerProcess {
  readonly pid: number;
  /** Start time by /proc: tells it from a later process of the same number. */
  readonly startTime: string;
}

export interface LockDesk {
  /**
   * Answers the lock's number. `onEvent` is called for everything that happens to it. Without a
   * process it is never given back by itself.
   */
  lock(wish: LockWish, process: OwnerProcess | undefined, onEvent: (event: LockEvent) => void): number;
  convert(id: number, mode: Mode, more?: { readonly noQueue?: true; readonly value?: string }): void;
  unlock(id: number, value?: string): void;
  cancel(id: number): void;
  /** Takes over a persistent lock of this host; undefined: there is none, or somebody has it. */
  adopt(
    lockspace: string,
    name: string,
    onEvent: (event: LockEvent) => void,
  ): { readonly id: number; readonly mode: Mode } | undefined;
  /** Stops looking after a persistent lock without giving it back. */
  abandon(id: number): void;
}
