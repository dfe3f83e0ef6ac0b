/** The group engine for several daemons on one machine: no Corosync, no root, a hub in between. */
import { OperationError } from "../../core/errors.ts";
import type { ProcessRef } from "../../core/ids.ts";
import { type GroupEngine, type GroupHandlers, PAYLOAD_BYTES_MAX } from "../../ports/group-engine.ts";
import { connectHub, type HubConnection } from "./hub-connection.ts";
import { type Hello, type HubView, PROTOCOL_VERSION } from "./protocol.ts";
import { createSendWindow } from "./send-window.ts";

/** How long to wait before the n-th try to find the hub again. */
const RECONNECT_DELAY_MS_MIN = 100;
const RECONNECT_DELAY_MS_MAX = 2_000;

/** A hub that does not confirm our leave in this time hears of it by the closed connection. */
const LEAVE_MS_MAX = 2_000;

export interface LoopbackOptions {
  readonly hubPath: string;
  readonly nodeId: number;
  readonly votes: number;
  readonly expectedVotes: number;
  readonly twoNode: boolean;
}

/**
 * Opens {@link GroupEngine} on a hub that runs already (hub-main.ts).
 *
 * Errors: rejects with CLU_UNAVAILABLE when there is no hub. A hub that goes away later is
 *         reported with `onLost` and looked for until it is back or the engine is closed.
 */
export async function openLoopbackEngine(
  options: LoopbackOptions,
  handlers: GroupHandlers,
): Promise<GroupEngine> {
  const { hubPath, nodeId, votes, expectedVotes, twoNode } = options;
  const processId = String(process.pid);
  const hello: Hello = { version: PROTOCOL_VERSION, nodeId, processId, votes, expectedVotes, twoNode };
  const window = createSendWindow();
  let connection: HubConnection | undefined;
  let retry: NodeJS.Timeout | undefined;
  let veto: string | undefined;
  let isClosed = false;

  function onView({ quorate, quorumVotes, settledSeq, ...view }: HubView): void {
    window.settle(settledSeq);
    handlers.onView(view);
    if (isClosed) return;
    handlers.onQuorum({ ringId: view.ringId, quorate, quorumVotes, ownVotes: votes });
    reportRoom();
  }

  function onMessage(from: ProcessRef, payload: Uint8Array): void {
    if (from.nodeId === nodeId && from.processId === processId) window.settleOldest();
    handlers.onMessage(from, payload);
    reportRoom();
  }

  function reportRoom(): void {
    if (!isClosed && window.takeDrained()) handlers.onDrain?.();
  }

  function onClosed(why: string): void {
    connection = undefined;
    window.reset();
    scheduleRetry(RECONNECT_DELAY_MS_MIN);
    handlers.onLost(`loopback hub at ${hubPath}: ${why}`);
  }

  function scheduleRetry(delayMs: number): void {
    retry = setTimeout(() => {
      open().catch(() => {
        if (!isClosed) scheduleRetry(Math.min(2 * delayMs, RECONNECT_DELAY_MS_MAX));
      });
    }, delayMs);
  }

  async function open(): Promise<void> {
    const opened = await connectHub(hubPath, hello, { onView, onMessage, onClosed });
    if (isClosed) return opened.leave(LEAVE_MS_MAX);
    connection = opened;
    if (veto !== undefined) opened.setVeto(veto);
  }

  try {
    await open();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OperationError("CLU_UNAVAILABLE", `no loopback hub at ${hubPath}: ${why}`, { cause });
  }

  return {
    nodeId,
    processId,
    multicast(payload) {
      if (payload.length > PAYLOAD_BYTES_MAX || isClosed) return false;
      if (!connection?.isOpen()) {
        window.refuse();
        return false;
      }
      const seq = window.take(payload.length);
      if (seq === undefined) return false;
      connection.multicast(seq, payload);
      return true;
    },
    nodes: () => [],
    setShutdownVeto(reason) {
      veto = reason?.because.slice(0, 1000);
      connection?.setVeto(veto);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(retry);
      await connection?.leave(LEAVE_MS_MAX);
    },
  };
}
