/**
 * Payloads that Corosync does not take at the moment. Bounded; tried again after a growing delay
 * and whenever something was delivered, which is when room appears.
 */
import { CorosyncError, CS } from "./cs.ts";

export const SEND_QUEUE = { messagesMax: 256, bytesMax: 4 * 1024 * 1024 } as const;

/** Right after a view Corosync takes nothing for some milliseconds: the services still synchronize. */
const RETRY_DELAY_MS_MIN = 1;
/** Tries at the shortest delay before it grows. */
const QUICK_TRIES_MAX = 50;
const RETRY_DELAY_MS_MAX = 200;

export interface SendQueue {
  /** False when full: the caller keeps the payload. */
  push(payload: Uint8Array): boolean;
  /** Sends what can be sent now, and reports room. Not to be called from within a handler. */
  flush(): void;
  stop(): void;
}

export interface SendQueueOptions {
  /** A result code of cpg_mcast_joined. */
  send(payload: Uint8Array): number;
  onDrain(): void;
  onFailure(error: CorosyncError): void;
}

export function createSendQueue({ send, onDrain, onFailure }: SendQueueOptions): SendQueue {
  const queue: Uint8Array[] = [];
  let bytes = 0;
  let retry: NodeJS.Timeout | undefined;
  let delayMs = RETRY_DELAY_MS_MIN;
  let tries = 0;
  let hasRefused = false;
  let isStopped = false;

  function sendAll(): void {
    while (!isStopped) {
      const first = queue[0];
      if (first === undefined) return;
      const code = send(first);
      if (code === CS.tryAgain) {
        schedule();
        return;
      }
      queue.shift();
      bytes -= first.length;
      delayMs = RETRY_DELAY_MS_MIN;
      tries = 0;
      if (code !== CS.ok) {
        // Later: `push` is called from within handlers, which must not overlap.
        isStopped = true;
        setImmediate(() => onFailure(new CorosyncError("cpg_mcast_joined", code)));
      }
    }
  }

  function flush(): void {
    sendAll();
    if (isStopped || !hasRefused) return;
    if (queue.length > SEND_QUEUE.messagesMax / 2 || bytes > SEND_QUEUE.bytesMax / 2) return;
    hasRefused = false;
    onDrain();
  }

  function schedule(): void {
    if (retry !== undefined) return;
    retry = setTimeout(() => {
      retry = undefined;
      if (++tries > QUICK_TRIES_MAX) delayMs = Math.min(2 * delayMs, RETRY_DELAY_MS_MAX);
      flush();
    }, delayMs);
  }

  return {
    push(payload) {
      if (isStopped) return false;
      if (queue.length >= SEND_QUEUE.messagesMax || bytes >= SEND_QUEUE.bytesMax) {
        hasRefused = true;
        return false;
      }
      queue.push(payload.slice());
      bytes += payload.length;
      if (retry === undefined) sendAll();
      return true;
    },
    flush,
    stop() {
      isStopped = true;
      clearTimeout(retry);
      queue.length = 0;
      bytes = 0;
    },
  };
}
