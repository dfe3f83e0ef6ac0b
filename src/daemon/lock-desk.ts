/**
 * Between those who want locks on this host and the core: gives numbers, keeps order, passes on what
 * became of each wish. Wishes of one turn of the event loop go to the core together.
 */
import type { Input } from "../core/inputs.ts";
import type { Mode } from "../core/locks/modes.ts";
import type { LockClaim, LockEvent, LockRequest } from "../core/locks/types.ts";

export interface LockWish {
  readonly lockspace: string;
  readonly name: string;
  readonly mode: Mode;
  /** For people: "lvcreate (pid 811)". */
  readonly owner: string;
  readonly noQueue?: true;
  readonly persistent?: true;
}

export interface LockDesk {
  /** Answers the lock's number. `onEvent` is called for everything that happens to it. */
  lock(wish: LockWish, onEvent: (event: LockEvent) => void): number;
  convert(id: number, mode: Mode, more?: { readonly noQueue?: true; readonly value?: string }): void;
  unlock(id: number, value?: string): void;
  cancel(id: number): void;
  /** Somebody looks after a lock that was held before this daemon started. */
  adopt(id: number, onEvent: (event: LockEvent) => void): void;
  /** From the core, in its order. */
  onEvents(events: readonly LockEvent[]): void;
  /** Locks that somebody here waits for or holds. */
  count(): number;
}

/** What a lock held since before is not numbered again. */
export function firstFreeId(held: readonly LockClaim[]): number {
  return 1 + Math.max(0, ...held.map((claim) => claim.id));
}

export function createLockDesk(feed: (input: Input) => void, held: readonly LockClaim[] = []): LockDesk {
  const owners = new Map<number, (event: LockEvent) => void>();
  let nextId = firstFreeId(held);
  /** Numbers that hold something: a refusal ends only the others. */
  const holding = new Set(held.map((claim) => claim.id));
  let waiting: LockRequest[] = [];

  function pass(request: LockRequest): void {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(request);
  }

  function flush(): void {
    const requests = waiting;
    waiting = [];
    feed({ type: "locks", requests });
  }

  return {
    lock(wish, onEvent) {
      const id = nextId++;
      owners.set(id, onEvent);
      pass({ type: "lock", id, ...wish });
      return id;
    },
    convert: (id, mode, more = {}) => pass({ type: "convert", id, mode, ...more }),
    unlock: (id, value) => pass({ type: "unlock", id, ...(value === undefined ? {} : { value }) }),
    cancel: (id) => pass({ type: "cancel", id }),
    adopt: (id, onEvent) => void owners.set(id, onEvent),
    onEvents(events) {
      for (const event of events) {
        const onEvent = owners.get(event.id);
        if (event.type === "granted") holding.add(event.id);
        if (event.type === "released" || (event.type === "refused" && !holding.has(event.id))) {
          owners.delete(event.id);
          holding.delete(event.id);
        }
        onEvent?.(event);
      }
    },
    count: () => owners.size,
  };
}
