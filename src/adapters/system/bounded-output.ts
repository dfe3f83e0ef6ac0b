/** A file descriptor that may block for ever, written without ever blocking the daemon. */
import { write as fsWrite } from "node:fs";

/** Units: bytes. Lines beyond it are dropped and counted. */
export const OUTPUT_BYTES_MAX = 1024 * 1024;
/** Units: ms. Pause before a descriptor that is not ready is tried again. */
const RETRY_MS = 50;

export interface BoundedOutput {
  /** Takes one complete line. */
  write(line: string): void;
  dropped(): number;
  /** Resolves when everything was written, or after `withinMs`. */
  flush(withinMs: number): Promise<void>;
}

/**
 * One write at a time: a blocked descriptor holds one thread of the pool and no more. When lines
 * were dropped, the first line after them says how many.
 */
export function openBoundedOutput(fd: number): BoundedOutput {
  let queue: string[] = [];
  let queuedBytes = 0;
  let dropped = 0;
  let untold = 0;
  let busy = false;
  let idle: (() => void)[] = [];

  function pump(): void {
    if (busy) return;
    if (queue.length === 0) {
      for (const resolve of idle) resolve();
      idle = [];
      return;
    }
    busy = true;
    const chunk = Buffer.from(queue.join(""));
    queue = [];
    queuedBytes = chunk.length; // Still ours until the descriptor has taken it.
    put(chunk, 0);
  }

  function put(chunk: Buffer, offset: number): void {
    fsWrite(fd, chunk, offset, chunk.length - offset, null, (error, written) => {
      if (error?.code === "EAGAIN") return void setTimeout(put, RETRY_MS, chunk, offset).unref();
      const next = offset + written;
      if (error === null && next < chunk.length) return put(chunk, next);
      queuedBytes -= chunk.length; // A reader that is gone (EPIPE) takes everything.
      busy = false;
      pump();
    });
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (queuedBytes + bytes > OUTPUT_BYTES_MAX) {
        dropped++;
        untold++;
        return;
      }
      if (untold > 0) {
        const notice = `# ${untold} lines were dropped here: nobody read the log fast enough\n`;
        untold = 0;
        queue.push(notice);
        queuedBytes += notice.length;
      }
      queue.push(line);
      queuedBytes += bytes;
      pump();
    },
    dropped: () => dropped,
    flush(withinMs) {
      if (!busy && queue.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const limit = setTimeout(resolve, withinMs);
        idle.push(() => {
          clearTimeout(limit);
          resolve();
        });
      });
    },
  };
}
