/**
 * Between those who want locks on this host and the core: gives numbers, keeps order, writes down who
 * holds what before the owner hears of it, and looks after locks of owners from before this start.
 * Wishes of one turn of the event loop go to the core together.
 */
import type { Input } from "../core/inputs.ts";
import type { Mode } from "../core/locks/modes.ts";
import { keyOf } from "../core/locks/resource.ts";
import type { LockClaim, LockEvent, LockRequest } from "../core/locks/types.ts";
import type { LockDesk, LockWish, OwnerProcess } from "../ports/lock-desk.ts";

/** Units: ms. How often owners from before this start are looked for. */
const ORPHANS_LOOK_MS = 250;

export interface LockDeskPorts {
  readonly feed: (input: Input) => void;
  readonly log: {
    readonly found: readonly { readonly claim: LockClaim; readonly process?: OwnerProcess }[];
    hold(held: { readonly claim: LockClaim; readonly process?: OwnerProcess }): void;
    drop(id: number): void;
    flush(): void;
  };
  readonly isAlive: (process: OwnerProcess) => boolean;
}

interface Entry {
  readonly wish: Omit<LockWish, "mode">; // As it came: a copy would double what 100,000 locks take.
  readonly process: OwnerProcess | undefined;
  /** Absent: nobody looks after it. */
  onEvent: ((event: LockEvent) => void) | undefined;
  mode: Mode | undefined;
}

export interface OpenLockDesk extends LockDesk {
  /** What the host held before this start, for the core. */
  readonly held: readonly LockClaim[];
  /** From the core, in its order. */
  onEvents(events: readonly LockEvent[]): void;
  count(): number;
  close(): void;
}

export function createLockDesk({ feed, log, isAlive }: LockDeskPorts): OpenLockDesk {
  const entries = new Map<number, Entry>();
  const persistent = new Map<string, number>();
  let waiting: LockRequest[] = [];
  let timer: NodeJS.Timeout | undefined;

  const held: LockClaim[] = [];
  for (const { claim, process } of log.found) {
    const { id, mode, ...wish } = claim;
    entries.set(id, { wish, process, onEvent: undefined, mode });
    held.push(claim);
    if (claim.persistent === true) persistent.set(keyOf(claim.lockspace, claim.name), id);
  }
  const orphans = new Set(held.filter((one) => one.persistent !== true).map((one) => one.id));
  let nextId = 1 + Math.max(0, ...held.map((one) => one.id));
  lookForOwners();

  /** Their connection ended with the daemon before: they are ending, and hold until they have. */
  function lookForOwners(): void {
    for (const id of orphans) {
      const entry = entries.get(id);
      if (entry?.process !== undefined && isAlive(entry.process)) continue;
      orphans.delete(id);
      unlock(id);
    }
    if (orphans.size > 0) timer = setTimeout(lookForOwners, ORPHANS_LOOK_MS);
  }

  function pass(request: LockRequest): void {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(request);
  }

  function flush(): void {
    const requests = waiting;
    waiting = [];
    log.flush();
    feed({ type: "locks", requests });
  }

  function note(id: number, entry: Entry, mode: Mode): void {
    entry.mode = mode;
    const { lockspace, name, owner, persistent: stays } = entry.wish;
    const claim = { lockspace, name, id, owner, mode, ...(stays === true ? { persistent: stays } : {}) };
    log.hold(entry.process === undefined ? { claim } : { claim, process: entry.process });
    if (stays === true) persistent.set(keyOf(lockspace, name), id);
  }

  function forget(id: number): void {
    const entry = entries.get(id);
    entries.delete(id);
    if (entry?.wish.persistent !== true) return;
    const key = keyOf(entry.wish.lockspace, entry.wish.name);
    if (persistent.get(key) === id) persistent.delete(key);
  }

  function unlock(id: number, value?: string): void {
    const entry = entries.get(id);
    if (entry?.mode !== undefined) log.drop(id);
    if (entry !== undefined) entry.mode = undefined;
    pass({ type: "unlock", id, ...(value === undefined ? {} : { value }) });
  }

  return {
    held,
    lock(wish, process, onEvent) {
      const id = nextId++;
      entries.set(id, { wish, process, onEvent, mode: undefined });
      pass({ type: "lock", id, ...wish });
      return id;
    },
    convert: (id, mode, more = {}) => pass({ type: "convert", id, mode, ...more }),
    unlock,
    cancel: (id) => pass({ type: "cancel", id }),
    adopt(lockspace, name, onEvent) {
      const id = persistent.get(keyOf(lockspace, name));
      const entry = id === undefined ? undefined : entries.get(id);
      if (id === undefined || entry?.mode === undefined || entry.onEvent !== undefined) return undefined;
      entry.onEvent = onEvent;
      return { id, mode: entry.mode };
    },
    abandon(id) {
      const entry = entries.get(id);
      if (entry !== undefined) entry.onEvent = undefined;
    },
    onEvents(events) {
      for (const event of events) {
        const entry = event.type === "granted" ? entries.get(event.id) : undefined;
        if (entry !== undefined && event.type === "granted") note(event.id, entry, event.mode);
      }
      log.flush();
      for (const event of events) {
        const entry = entries.get(event.id);
        if (entry === undefined) continue;
        if (event.type === "released" || (event.type === "refused" && entry.mode === undefined))
          forget(event.id);
        entry.onEvent?.(event);
      }
    },
    count: () => entries.size,
    close: () => clearTimeout(timer),
  };
}
