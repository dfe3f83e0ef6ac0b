/** What a program does with locks: the interface of the client library, see src/adapters/locks/client.ts. */
import type { Mode } from "../core/locks/modes.ts";
import type { LockValue } from "../core/locks/resource.ts";

export interface LockOptions {
  /** Absent: EX. */
  readonly mode?: Mode;
  /** Absent: `default`. */
  readonly lockspace?: string;
  /** Refuse at once instead of waiting. */
  readonly noQueue?: true;
  /** Belongs to this host, also when the program ends. */
  readonly persistent?: true;
  /** Stops waiting. */
  readonly signal?: AbortSignal;
  /** Somebody waits for `mode` and this lock is in the way. */
  readonly onBlocking?: (mode: Mode) => void;
  /** It is not protected any more: stop using what it guards. */
  readonly onLost?: (why: string) => void;
}

export interface HeldLock {
  readonly mode: Mode;
  /** As it was when the lock was granted; not valid: a writer was lost. */
  readonly value: LockValue | undefined;
  /** Until it is done only what both modes allow may be used. Errors: as `lock`; the old mode stays. */
  convert(mode: Mode, more?: { readonly noQueue?: true; readonly value?: string }): Promise<void>;
  release(value?: string): Promise<void>;
}

export interface Locks {
  /** Descriptor for the `stdio` of a child process that is to keep the locks for as long as it lives. */
  readonly descriptor: number | undefined;
  readonly cluster: string;
  readonly node: string;
  /** Errors: `LCK_BUSY`, `LCK_DEADLOCK`, `LCK_CANCELLED`, `LCK_LIMIT`, `LCK_UNKNOWN`, `LCK_LOST`. */
  lock(name: string, options?: LockOptions): Promise<HeldLock>;
  /** Takes over a persistent lock of this host. */
  adopt(name: string, options?: Pick<LockOptions, "lockspace" | "onBlocking" | "onLost">): Promise<HeldLock>;
  close(): void;
}
