/** Waiting for the daemon's status to become something, told by its event stream. */
import { OperationError } from "../core/errors.ts";
import type { Millis } from "../core/ids.ts";
import type { StatusView } from "../core/view/types.ts";
import type { Session } from "./session.ts";

export interface FollowOptions {
  /** `-1`: for ever. */
  readonly timeoutMs: Millis;
  /** Called after every `everyMs` of waiting. */
  readonly everyMs?: Millis;
  readonly onEvery?: () => void;
}

/** For sleeps that nothing but the timeout ends. */
const LONG_SLEEP_MS = 60 * 60_000;

/**
 * The first status that `holds`, the present one included; absent when the time is over.
 *
 * Errors: IPC_UNREACHABLE when the daemon goes away meanwhile.
 */
export async function statusWhen(
  { ctx, client }: Session,
  holds: (status: StatusView) => boolean,
  options: FollowOptions,
): Promise<StatusView | undefined> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ctx.signal]);
  const watch = async (): Promise<StatusView> => {
    for await (const event of client.events(undefined, { signal })) {
      if (event.type === "status" && holds(event.data)) return event.data;
    }
    throw new OperationError("IPC_UNREACHABLE", "bouncerd went away while this command was waiting");
  };
  const expire = async (): Promise<undefined> => {
    const everyMs = options.everyMs ?? LONG_SLEEP_MS;
    let leftMs = options.timeoutMs === -1 ? Number.POSITIVE_INFINITY : options.timeoutMs;
    while (leftMs > 0 && !signal.aborted) {
      const sleepMs = Math.min(leftMs, everyMs);
      await ctx.sleep(sleepMs, signal);
      leftMs -= sleepMs;
      if (leftMs > 0 && !signal.aborted) options.onEvery?.();
    }
  };
  const watching = watch();
  const expiring = expire();
  try {
    return await Promise.race([watching, expiring]);
  } finally {
    stop.abort();
    await Promise.allSettled([watching, expiring]);
  }
}
