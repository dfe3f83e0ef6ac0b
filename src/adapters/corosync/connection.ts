/** One life of the connection to Corosync: joined, delivering, and at last left or lost. */
import { setTimeout as delay } from "node:timers/promises";
import type { ProcessRef } from "../../core/ids.ts";
import { type EngineNode, GROUP_NAME, type QuorumEvent, type ViewEvent } from "../../ports/group-engine.ts";
import { CorosyncError, CS, checkCs } from "./cs.ts";
import { watchFds } from "./fd-watch.ts";
import { openCfg } from "./libcfg.ts";
import { readNodeList } from "./libcmap.ts";
import { type Cpg, type CpgEvent, openCpg } from "./libcpg.ts";
import { openQuorum } from "./libquorum.ts";
import { createQuorumEvents } from "./quorum-events.ts";
import { retryBusy } from "./retry-busy.ts";
import { createSendQueue } from "./send-queue.ts";
import { createViewTracker, formatRing } from "./views.ts";

/** Callbacks per turn of the main loop, so that a flood leaves room for everything else. */
const DISPATCH_MAX = 128;

/** How often votequorum is asked how many votes a quorum takes. Units: ms. */
const VOTES_REFRESH_MS = 5_000;

/** A Corosync that does not confirm our leave in this time learns of it by the closed connection. */
const LEAVE_MS_MAX = 2_000;

export interface ConnectionHandlers {
  onView(view: ViewEvent): void;
  onMessage(from: ProcessRef, payload: Uint8Array): void;
  onQuorum(quorum: QuorumEvent): void;
  onDrain(): void;
  /** Called once, unless we left. Nothing is called after. */
  onLost(why: string): void;
  /** Why Corosync must not shut down, when it asks. */
  veto(): string | undefined;
}

export interface Connection {
  readonly nodeId: number;
  readonly nodes: readonly EngineNode[];
  /** See GroupEngine. */
  multicast(payload: Uint8Array): boolean;
  /** Others see reason `leave`. Bounded by LEAVE_MS_MAX; nothing is called from here on. */
  leave(): Promise<void>;
}

/** Errors: rejects with a sentence that names the call and Corosync's error. */
export async function openConnection(handlers: ConnectionHandlers): Promise<Connection> {
  const closers: (() => Promise<void>)[] = [];
  async function closeAll(): Promise<void> {
    for (const close of closers.splice(0).reverse()) await close().catch(() => {}); // Corosync may be gone.
  }
  try {
    const cpg = await openCpg(GROUP_NAME);
    closers.push(cpg.close);
    const nodes = await readNodeList();
    const quorum = await openQuorum(cpg.localNodeId);
    closers.push(quorum.close);
    const cfg = await openCfg();
    closers.push(cfg.close);
    checkCs("cpg_join", await retryBusy(() => cpg.join()));
    return start(cpg, quorum, cfg, nodes);
  } catch (error) {
    await closeAll();
    throw error;
  }

  function start(
    cpg: Cpg,
    quorum: Awaited<ReturnType<typeof openQuorum>>,
    cfg: Awaited<ReturnType<typeof openCfg>>,
    nodes: readonly EngineNode[],
  ): Connection {
    const self = { nodeId: cpg.localNodeId, processId: String(process.pid) };
    const tracker = createViewTracker();
    let totemRing = "";
    let condition: "open" | "leaving" | "over" = "open";
    let onLeft = (): void => {};

    const quorumEvents = createQuorumEvents(quorum.votes, handlers.onQuorum, end);
    const refresh = setInterval(quorumEvents.refresh, VOTES_REFRESH_MS);
    const queue = createSendQueue({
      send: cpg.multicast,
      onDrain: handlers.onDrain,
      onFailure: (error) => end(error.message),
    });

    function onView(view: ViewEvent | undefined): void {
      if (view === undefined || condition !== "open") return;
      if (!view.members.some(isSelf)) {
        end("Corosync no longer counts this process in the group");
        return;
      }
      handlers.onView(view);
      if (condition === "open") quorumEvents.onView(view.ringId, totemRing);
    }

    function isSelf({ nodeId, processId }: ProcessRef): boolean {
      return nodeId === self.nodeId && processId === self.processId;
    }

    function onEvent(event: CpgEvent): void {
      switch (event.type) {
        case "ring":
          totemRing = formatRing(event.ring);
          onView(tracker.onRing(event));
          break;
        case "group":
          if (condition === "leaving" && event.left.some(isOwnLeave)) onLeft();
          onView(tracker.onGroup(event));
          break;
        case "message":
          if (tracker.isBetweenViews()) end("a message came in the middle of a membership change");
          else if (condition === "open") {
            handlers.onMessage({ nodeId: event.nodeid, processId: String(event.pid) }, event.payload);
          }
          break;
      }
    }

    function isOwnLeave({ nodeid, pid }: { nodeid: number; pid: number }): boolean {
      return isSelf({ nodeId: nodeid, processId: String(pid) });
    }

    /** Corosync's errors end the connection; what a handler throws ends the process. */
    function dispatching<T>(dispatch: () => T): T | undefined {
      try {
        return dispatch();
      } catch (error) {
        if (!(error instanceof CorosyncError)) throw error;
        end(error.message);
        return undefined;
      }
    }

    const watch = watchFds(
      [
        {
          fd: cpg.fd,
          onReady() {
            for (const event of dispatching(() => cpg.dispatch(DISPATCH_MAX)) ?? []) {
              if (condition !== "over") onEvent(event);
            }
            if (condition === "open") queue.flush();
          },
        },
        {
          fd: quorum.fd,
          onReady() {
            const notices = dispatching(() => quorum.dispatch(DISPATCH_MAX)) ?? [];
            for (const notice of notices) quorumEvents.onNotice(notice);
          },
        },
        {
          fd: cfg.fd,
          onReady() {
            const asked = dispatching(() => cfg.dispatch(DISPATCH_MAX)) ?? 0;
            if (asked === 0) return;
            // Corosync takes a missing answer for a no: an error here changes nothing.
            void cfg.reply(handlers.veto() === undefined ? "yes" : "no").catch(() => {});
          },
        },
      ],
      (why) => end(`poll: ${why}`),
    );

    async function finish(): Promise<void> {
      condition = "over";
      queue.stop();
      clearInterval(refresh);
      quorumEvents.stop();
      await watch.stop();
      await closeAll();
    }

    function end(why: string): void {
      if (condition === "leaving") onLeft();
      if (condition !== "open") return;
      void finish();
      handlers.onLost(why);
    }

    return {
      nodeId: self.nodeId,
      nodes,
      multicast: (payload) => condition === "open" && queue.push(payload),
      async leave() {
        if (condition !== "open") return;
        condition = "leaving";
        queue.stop();
        quorumEvents.stop();
        const left = new Promise<void>((resolve) => {
          onLeft = resolve;
        });
        const work = async (): Promise<void> => {
          const code = await retryBusy(() => cpg.leave());
          if (code === CS.ok) await left;
          await finish();
        };
        await Promise.race([work().catch(() => {}), delay(LEAVE_MS_MAX, undefined, { ref: false })]);
        condition = "over";
      },
    };
  }
}
