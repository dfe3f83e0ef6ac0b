/** Own messages on their way to the group: what flow control counts. */
import { WINDOW } from "./protocol.ts";

export interface SendWindow {
  /** The number of the next message, or undefined when nothing more may be sent now. */
  take(bytes: number): number | undefined;
  /** Every own message up to this number is delivered or dropped. */
  settle(seq: number): void;
  /** The oldest one came back. */
  settleOldest(): void;
  /** Refused for a reason of its own, as if the window were full. */
  refuse(): void;
  /** A new connection counts from the beginning. */
  reset(): void;
  /** True once after a refusal, when half of the window is free again. */
  takeDrained(): boolean;
}

export function createSendWindow(): SendWindow {
  const sizes: number[] = [];
  let bytes = 0;
  let settledSeq = 0;
  let hasRefused = false;

  function settleOldest(): void {
    const size = sizes.shift();
    if (size === undefined) return;
    bytes -= size;
    settledSeq += 1;
  }

  return {
    take(size) {
      if (sizes.length >= WINDOW.messagesMax || bytes >= WINDOW.bytesMax) {
        hasRefused = true;
        return undefined;
      }
      sizes.push(size);
      bytes += size;
      return settledSeq + sizes.length;
    },
    settle(seq) {
      while (settledSeq < seq && sizes.length > 0) settleOldest();
    },
    settleOldest,
    refuse() {
      hasRefused = true;
    },
    reset() {
      sizes.length = 0;
      bytes = 0;
      settledSeq = 0;
    },
    takeDrained() {
      if (!hasRefused || sizes.length > WINDOW.messagesMax / 2 || bytes > WINDOW.bytesMax / 2) return false;
      hasRefused = false;
      return true;
    },
  };
}
