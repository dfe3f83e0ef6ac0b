/**
 * Runs executables. Nothing here throws or rejects: whatever goes wrong is in the result, and every
 * wait has a limit. Implementation: adapters/process.
 */
import type { Millis } from "../core/ids.ts";

/** What an `AbortSignal` offers, without the name: pure folders do not know the web's types. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface ExecRequest {
  /** Absolute path. */
  readonly file: string;
  /** Visible to everybody on the machine: never a secret. */
  readonly args?: readonly string[];
  readonly stdin?: Uint8Array;
  /** Added to the fixed environment. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** Units: ms. Past it the process group gets TERM. */
  readonly budgetMs: Millis;
  /** Units: ms. How long after TERM the process group gets KILL; 0: KILL at once. */
  readonly graceMs?: Millis;
  readonly cancel?: CancelSignal;
}

/** What was printed. Shape: `head` is the beginning, `tail` the end of what was too long for it. */
export interface ExecOutput {
  readonly head: string;
  /** Empty when nothing was lost: then everything is in `head`. */
  readonly tail: string;
  /** Units: bytes between `head` and `tail` that were read and thrown away. */
  readonly bytesLost: number;
}

/**
 * Shape: exactly one of `exitCode`, `signal` and `problem` says how it ended, except that a run
 * which was cancelled before it began has none. `timedOut` and `cancelled` say why we ended it.
 */
export interface ExecResult {
  readonly exitCode?: number;
  readonly signal?: string;
  /** Why it did not start, or did not end: for people. */
  readonly problem?: string;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly stdout: ExecOutput;
  readonly stderr: ExecOutput;
  readonly tookMs: Millis;
}

/** An executable as it is now; another `stamp` means that the file was replaced. */
export interface Executable {
  /** Absolute, as it was asked for: many agents look at the name by which they are called. */
  readonly file: string;
  /** Made of the real path, the size and the times of the file. */
  readonly stamp: string;
}

export interface Exec {
  /** Resolves exactly once, at the latest a bounded time after budgetMs. */
  run(request: ExecRequest): Promise<ExecResult>;
  /** `name` is an absolute path, or a plain name that is looked for in `folders`, in order. */
  find(name: string, folders: readonly string[]): Promise<Executable | undefined>;
}
