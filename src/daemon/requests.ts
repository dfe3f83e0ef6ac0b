/** Requests of people and programs on their way through the core: each gets exactly one answer. */

import type { Reply, ReplyResult } from "../core/effects.ts";
import { OperationError } from "../core/errors.ts";
import type { Input, Request } from "../core/inputs.ts";

/** Requests that may be under way at once. */
export const REQUESTS_PENDING_MAX = 256;
/** Units: ms. Longer than any fencing round that can succeed; the core goes on without the asker. */
export const REQUEST_MS_MAX = 15 * 60_000;

export interface RequestDesk {
  ask(request: Request): Promise<ReplyResult>;
  answer(id: string, reply: Reply): void;
  pending(): number;
  /** Refuses everything that is still open. */
  close(why: string): void;
}

interface Open {
  resolve(result: ReplyResult): void;
  reject(error: OperationError): void;
  readonly timer: NodeJS.Timeout;
}

export function createRequestDesk(feed: (input: Input) => void): RequestDesk {
  const open = new Map<string, Open>();
  let count = 0;

  function take(id: string): Open | undefined {
    const entry = open.get(id);
    open.delete(id);
    clearTimeout(entry?.timer);
    return entry;
  }

  return {
    ask(request) {
      if (open.size >= REQUESTS_PENDING_MAX) {
        return Promise.reject(new OperationError("DMN_BUSY", `${open.size} requests are under way already`));
      }
      return new Promise((resolve, reject) => {
        const id = `r${++count}`;
        const timer = setTimeout(() => {
          take(id);
          feed({ type: "cancel", id });
          reject(
            new OperationError("DOM_WAIT_TIMEOUT", "the request was taken, but its end did not come in time"),
          );
        }, REQUEST_MS_MAX);
        timer.unref();
        open.set(id, { resolve, reject, timer });
        feed({ type: "request", id, request });
      });
    },
    answer(id, reply) {
      const entry = take(id);
      if (reply.ok) entry?.resolve(reply.result);
      else entry?.reject(new OperationError(reply.error, reply.detail));
    },
    pending: () => open.size,
    close(why) {
      for (const id of [...open.keys()]) take(id)?.reject(new OperationError("IPC_UNREACHABLE", why));
    },
  };
}
