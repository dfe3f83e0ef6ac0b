/** Locks of one owner (a host, or one command), by lockspace and name, with answers that can be awaited. */
import type { Mode } from "../../core/locks/modes.ts";
import { keyOf } from "../../core/locks/resource.ts";
import type { LockEvent } from "../../core/locks/types.ts";
import type { LockDesk, LockWish, OwnerProcess } from "../../ports/lock-desk.ts";

interface Held {
  id: number;
  /** Absent: it waits. */
  mode: Mode | undefined;
  onEvent: (event: LockEvent) => void;
}

export interface LockSet {
  has(lockspace: string, name: string): boolean;
  /** Absent: nothing is held; it may be waited for. */
  modeOf(lockspace: string, name: string): Mode | undefined;
  /** Names in the lockspace, held or waited for. */
  namesIn(lockspace: string): readonly string[];
  /** Order: resolves with true once it is held, with false when it was refused or withdrawn. */
  take(wish: LockWish, process: OwnerProcess | undefined): Promise<boolean>;
  /** Without waiting for anybody. Order: as `take`; refused, the old mode stays. */
  convert(lockspace: string, name: string, mode: Mode): Promise<boolean>;
  /** Order: resolves when it is delivered: then whoever comes next finds it free. */
  drop(lockspace: string, name: string): Promise<void>;
  /** Takes over what this host holds since before this start. */
  adopt(lockspace: string, name: string): void;
  /** Resolves when it is held or refused. */
  settled(lockspace: string, name: string): Promise<void>;
  /** Gives everything back. */
  clear(): void;
}

export function createLockSet(desk: LockDesk): LockSet {
  const all = new Map<string, Held>();

  function chain(lock: Held, onEvent: (event: LockEvent, before: Held["onEvent"]) => void): void {
    const before = lock.onEvent;
    lock.onEvent = (event) => onEvent(event, before);
  }

  return {
    has: (lockspace, name) => all.has(keyOf(lockspace, name)),
    modeOf: (lockspace, name) => all.get(keyOf(lockspace, name))?.mode,
    namesIn(lockspace) {
      const start = `${lockspace}/`;
      return [...all.keys()].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
    },
    take(wish, process) {
      const key = keyOf(wish.lockspace, wish.name);
      return new Promise((resolve) => {
        const lock: Held = { id: 0, mode: undefined, onEvent: () => {} };
        lock.onEvent = (event) => {
          if (event.type === "granted") {
            lock.mode = event.mode;
            resolve(true);
          } else if (event.type === "refused" || event.type === "released") {
            if (all.get(key) === lock && lock.mode === undefined) all.delete(key);
            resolve(false);
          }
        };
        lock.id = desk.lock({ ...wish, once: true }, process, (event) => lock.onEvent(event));
        all.set(key, lock);
      });
    },
    convert(lockspace, name, mode) {
      const lock = all.get(keyOf(lockspace, name));
      if (lock?.mode === undefined) return Promise.resolve(false);
      return new Promise((resolve) => {
        chain(lock, (event, before) => {
          if (event.type !== "granted" && event.type !== "refused") return before(event);
          lock.onEvent = before;
          if (event.type === "granted") lock.mode = event.mode;
          resolve(event.type === "granted");
        });
        desk.convert(lock.id, mode, { noQueue: true });
      });
    },
    drop(lockspace, name) {
      const key = keyOf(lockspace, name);
      const lock = all.get(key);
      if (lock === undefined) return Promise.resolve();
      all.delete(key);
      return new Promise((resolve) => {
        chain(lock, (event, before) => {
          before(event); // Whoever waits for it hears that it will not come.
          if (event.type === "released") resolve();
        });
        desk.unlock(lock.id);
      });
    },
    adopt(lockspace, name) {
      const lock: Held = { id: 0, mode: undefined, onEvent: () => {} };
      const found = desk.adopt(lockspace, name, (event) => lock.onEvent(event));
      if (found !== undefined) all.set(keyOf(lockspace, name), Object.assign(lock, found));
    },
    settled(lockspace, name) {
      const lock = all.get(keyOf(lockspace, name));
      if (lock === undefined || lock.mode !== undefined) return Promise.resolve();
      return new Promise((resolve) => {
        chain(lock, (event, before) => {
          before(event);
          if (event.type !== "blocking") resolve();
        });
      });
    },
    clear() {
      for (const { id } of all.values()) desk.unlock(id);
      all.clear();
    },
  };
}
