/** How the daemon ends: in reverse order of opening, or at once; always within a bound. */

/** Units: ms. One thing that does not close in this time is left to the kernel. */
export const CLOSE_MS_MAX = 3_000;
/** Units: ms. How long the log may take to be read. */
const FLUSH_MS_MAX = 500;

export interface Ending {
  /** Closed in reverse order of registration. */
  onClose(close: () => unknown): void;
  /** Closes everything and returns: for a start that failed. */
  closeAll(): Promise<void>;
  /** The first call wins; never returns to its caller's hopes: the process is gone after it. */
  end(code: number, manner: "orderly" | "at once"): Promise<void>;
}

export function createEnding(
  exit: (code: number) => never,
  flush: (withinMs: number) => Promise<void>,
): Ending {
  const closers: (() => unknown)[] = [];
  let ending = false;

  async function closeAll(): Promise<void> {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
      try {
        await Promise.race([close(), pause(CLOSE_MS_MAX)]);
      } catch {
        // What cannot be closed goes with the process.
      }
    }
  }

  return {
    onClose: (close) => void closers.push(close),
    closeAll,
    async end(code, manner) {
      if (ending) return;
      ending = true;
      if (manner === "orderly") await closeAll();
      await flush(FLUSH_MS_MAX);
      exit(code);
    },
  };
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs).unref();
  });
}
