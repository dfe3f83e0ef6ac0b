/** The group engine of production: the Corosync that runs on this host. */
import { OperationError } from "../../core/errors.ts";
import { type GroupEngine, type GroupHandlers, PAYLOAD_BYTES_MAX } from "../../ports/group-engine.ts";
import { type Connection, openConnection } from "./connection.ts";

/** How long to wait before the n-th try to find Corosync again. */
const RECONNECT_DELAY_MS_MIN = 250;
const RECONNECT_DELAY_MS_MAX = 5_000;

/** A Corosync that runs answers in this time, also while a ring forms. */
const OPEN_MS_MAX = 30_000;

/**
 * Opens {@link GroupEngine} on Corosync and joins the group.
 *
 * Order: no handler is called before the promise has resolved.
 * Errors: rejects with CLU_UNAVAILABLE when Corosync does not run or does not answer. A Corosync
 *         that goes away later is reported with `onLost` and looked for until it is back or the
 *         engine is closed.
 */
export async function openCorosyncEngine(handlers: GroupHandlers): Promise<GroupEngine> {
  let connection: Connection | undefined;
  let retry: NodeJS.Timeout | undefined;
  let veto: string | undefined;
  let isClosed = false;
  /** Refused while there was no connection. */
  let owesDrain = false;

  async function open(): Promise<Connection> {
    const opened = await openConnection({
      onView(view) {
        handlers.onView(view);
        if (owesDrain && !isClosed) {
          owesDrain = false;
          handlers.onDrain?.();
        }
      },
      onMessage: (from, payload) => handlers.onMessage(from, payload),
      onQuorum: (quorum) => handlers.onQuorum(quorum),
      onDrain: () => handlers.onDrain?.(),
      onLost(why) {
        connection = undefined;
        scheduleRetry(RECONNECT_DELAY_MS_MIN);
        handlers.onLost(`Corosync is gone: ${why}`);
      },
      veto: () => veto,
    });
    if (isClosed) await opened.leave();
    else connection = opened;
    return opened;
  }

  function scheduleRetry(delayMs: number): void {
    if (isClosed) return;
    retry = setTimeout(() => {
      open().catch(() => scheduleRetry(Math.min(2 * delayMs, RECONNECT_DELAY_MS_MAX)));
    }, delayMs);
  }

  const { nodeId, nodes } = await openFirst(open, () => {
    isClosed = true;
  });

  return {
    nodeId,
    processId: String(process.pid),
    multicast(payload) {
      if (payload.length > PAYLOAD_BYTES_MAX || isClosed) return false;
      if (connection !== undefined) return connection.multicast(payload);
      owesDrain = true;
      return false;
    },
    nodes: () => connection?.nodes ?? nodes,
    setShutdownVeto(reason) {
      veto = reason?.because;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(retry);
      await connection?.leave();
    },
  };
}

async function openFirst(open: () => Promise<Connection>, giveUp: () => void): Promise<Connection> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    limit = setTimeout(() => reject(new Error("it does not answer")), OPEN_MS_MAX);
  });
  try {
    return await Promise.race([open(), late]);
  } catch (cause) {
    giveUp();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OperationError("CLU_UNAVAILABLE", `Corosync cannot be used: ${why}`, { cause });
  } finally {
    clearTimeout(limit);
  }
}
