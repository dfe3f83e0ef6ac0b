/** Messages that the group did not take yet: kept in order, sent again when it takes more. */
import type { RingId } from "../core/ids.ts";
import type { Message } from "../core/messages.ts";

/** Messages that may wait. A daemon that produces more than its group takes is of no use to it. */
export const OUTBOX_MESSAGES_MAX = 4_096;
/** Units: bytes. */
export const OUTBOX_BYTES_MAX = 64 * 1024 * 1024;
/** Units: ms. For groups that do not say when they take more. */
const RETRY_MS = 50;

export interface Outbox {
  /** False: over the limit, nothing was kept. */
  send(message: Message): boolean;
  drain(): void;
  /** Messages of other rings would be ignored by everybody: they are forgotten. */
  enterRing(ring: RingId): void;
  waiting(): number;
  close(): void;
}

export interface OutboxPorts {
  encode(message: Message): Uint8Array;
  /** False: not now. */
  multicast(payload: Uint8Array): boolean;
}

export function createOutbox({ encode, multicast }: OutboxPorts): Outbox {
  let queue: { readonly ring: RingId; readonly payload: Uint8Array }[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function drain(): void {
    clearTimeout(timer);
    timer = undefined;
    let sent = 0;
    for (const { payload } of queue) {
      if (!multicast(payload)) break;
      bytes -= payload.length;
      sent++;
    }
    queue = queue.slice(sent);
    if (queue.length > 0) timer = setTimeout(drain, RETRY_MS);
  }

  return {
    send(message) {
      const payload = encode(message);
      if (queue.length === 0 && multicast(payload)) return true;
      if (queue.length >= OUTBOX_MESSAGES_MAX || bytes + payload.length > OUTBOX_BYTES_MAX) return false;
      queue.push({ ring: message.ring, payload });
      bytes += payload.length;
      timer ??= setTimeout(drain, RETRY_MS);
      return true;
    },
    drain,
    enterRing(ring) {
      queue = queue.filter((entry) => entry.ring === ring);
      bytes = queue.reduce((sum, entry) => sum + entry.payload.length, 0);
    },
    waiting: () => queue.length,
    close: () => clearTimeout(timer),
  };
}
