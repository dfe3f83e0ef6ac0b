import type { ExecOutput } from "../../ports/exec.ts";

export interface BoundedOutput {
  /** Takes everything, keeps what fits. */
  push(chunk: Uint8Array): void;
  /** Units: bytes, lost ones included. */
  bytesSeen(): number;
  output(): ExecOutput;
}

/** Keeps the first and the last bytes of a stream of any length in bounded memory. */
export function createBoundedOutput(limits: { headBytes: number; tailBytes: number }): BoundedOutput {
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let tail = Buffer.alloc(0);
  let seen = 0;
  return {
    push(chunk) {
      seen += chunk.length;
      const fits = Math.min(chunk.length, limits.headBytes - headBytes);
      if (fits > 0) {
        head.push(Uint8Array.prototype.slice.call(chunk, 0, fits));
        headBytes += fits;
      }
      const rest = chunk.subarray(fits);
      if (rest.length === 0) return;
      const last = rest.subarray(Math.max(0, rest.length - limits.tailBytes));
      const kept = tail.subarray(Math.max(0, tail.length + last.length - limits.tailBytes));
      tail = Buffer.concat([kept, last]);
    },
    bytesSeen: () => seen,
    output() {
      const bytesLost = seen - headBytes - tail.length;
      // In one piece when it is one piece: a character that was cut in two would be none.
      if (bytesLost === 0)
        return { head: Buffer.concat([...head, tail]).toString("utf8"), tail: "", bytesLost };
      return { head: Buffer.concat(head).toString("utf8"), tail: tail.toString("utf8"), bytesLost };
    },
  };
}
