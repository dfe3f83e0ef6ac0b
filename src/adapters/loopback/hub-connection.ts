/**
 * The engine's end of one connection to the hub. Answers pings from the main loop on purpose: a
 * daemon that does not run its loop must look dead to the others.
 */
import { connect, type Socket } from "node:net";
import type { ProcessRef } from "../../core/ids.ts";
import { createFrameReader, FrameError, writeFrame } from "./frame.ts";
import {
  decodeMessage,
  decodeNumber,
  decodeStamped,
  encodeNumber,
  FRAME,
  formatJson,
  type Hello,
  type HubView,
  machineNow,
  parseHubView,
  parseRefused,
  parseWelcome,
} from "./protocol.ts";

/** A hub that does not greet in this time is none. */
const GREETING_MS_MAX = 5_000;

/** A frame that waited longer than this part of the token time found us asleep. */
const STALE_PART = 0.75;

/** A hub that says nothing for this many token times is dead or hung. */
const SILENCE_TOKENS_MAX = 4;

export interface ConnectionHandlers {
  onView(view: HubView): void;
  onMessage(from: ProcessRef, payload: Uint8Array): void;
  /** Called once, when an established connection is over. */
  onClosed(why: string): void;
}

export interface HubConnection {
  multicast(seq: number, payload: Uint8Array): void;
  /** False while nothing may be sent: closed, or waking up. */
  isOpen(): boolean;
  setVeto(because: string | undefined): void;
  /** Resolves when the hub has seen us leave, or after `delayMsMax`. Nothing is delivered after. */
  leave(delayMsMax: number): Promise<void>;
}

/** Errors: rejects with a sentence when there is no hub, or it refuses us. */
export function connectHub(path: string, hello: Hello, handlers: ConnectionHandlers): Promise<HubConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let tokenMs: number | undefined;
    let isLeaving = false;
    /** While defined: everything is dropped until the hub confirms this resync. */
    let resyncing: number | undefined;
    let resyncs = 0;
    let heardAt = machineNow();
    const greeting = setTimeout(() => end("the hub does not greet"), GREETING_MS_MAX);
    let watch: NodeJS.Timeout | undefined;
    let isOver = false;
    /** What came with the greeting waits until the caller has the connection in hand. */
    let held: { type: number; body: Buffer }[] | undefined;

    function end(why: string): void {
      clearTimeout(greeting);
      clearTimeout(watch);
      socket.removeAllListeners("data");
      socket.destroy();
      const wasOpen = tokenMs !== undefined;
      if (isOver) return;
      isOver = true;
      if (!wasOpen) reject(new Error(why));
      else if (!isLeaving) handlers.onClosed(why);
    }

    /**
     * A hub that hangs is as bad as none. Looks twice, a turn of the loop apart: after our own
     * sleep, what the hub said meanwhile is only read in between.
     */
    function watchHub(token: number, isSecondLook: boolean): void {
      const isSilent = machineNow() - heardAt > SILENCE_TOKENS_MAX * token;
      if (isSilent && isSecondLook) {
        end("the hub is silent");
        return;
      }
      watch = setTimeout(() => watchHub(token, isSilent), token);
      watch.unref();
    }

    function resync(): void {
      resyncs = (resyncs + 1) % 0xffff_ffff;
      resyncing = resyncs;
      writeFrame(socket, FRAME.resync, encodeNumber(resyncs));
    }

    function onFrame(type: number, stamped: Buffer): void {
      if (isOver) return;
      if (held !== undefined) {
        held.push({ type, body: stamped });
        return;
      }
      const { writtenAt, rest: body } = decodeStamped(stamped);
      heardAt = machineNow();
      if (tokenMs === undefined) onGreeting(type, body);
      else if (type === FRAME.bye) end("we left");
      else if (type === FRAME.resynced) onResynced(decodeNumber(body));
      else if (isLeaving || resyncing !== undefined) return;
      else if (heardAt - writtenAt > STALE_PART * tokenMs) resync();
      else onEvent(type, body);
    }

    function onResynced(count: number): void {
      if (count === resyncing) resyncing = undefined;
    }

    function onEvent(type: number, body: Buffer): void {
      switch (type) {
        case FRAME.ping:
          writeFrame(socket, FRAME.pong, encodeNumber(decodeNumber(body)));
          break;
        case FRAME.view:
          handlers.onView(parseHubView(body));
          break;
        case FRAME.message: {
          const { from, payload } = decodeMessage(body);
          handlers.onMessage(from, payload);
          break;
        }
        default:
          throw new FrameError(`frame type ${type}`);
      }
    }

    function onGreeting(type: number, body: Buffer): void {
      if (type === FRAME.refused) {
        end(`the hub refuses us: ${parseRefused(body).problem}`);
        return;
      }
      if (type !== FRAME.welcome) throw new FrameError(`frame type ${type} instead of a greeting`);
      tokenMs = parseWelcome(body).tokenMs;
      clearTimeout(greeting);
      watchHub(tokenMs, false);
      socket.pause();
      held = [];
      setImmediate(release);
      resolve(connection);
    }

    function release(): void {
      const frames = held ?? [];
      held = undefined;
      guarded(() => {
        for (const { type, body } of frames) onFrame(type, body);
      });
      socket.resume();
    }

    const connection: HubConnection = {
      multicast: (seq, payload) => writeFrame(socket, FRAME.multicast, encodeNumber(seq), payload),
      isOpen: () => !isOver && !isLeaving && resyncing === undefined,
      setVeto: (because) => writeFrame(socket, FRAME.veto, formatJson({ because: because ?? null })),
      leave: (delayMsMax) => leave(socket, delayMsMax),
    };

    function leave(open: Socket, delayMsMax: number): Promise<void> {
      isLeaving = true;
      if (isOver) return Promise.resolve();
      writeFrame(open, FRAME.leave);
      return new Promise((left) => {
        const limit = setTimeout(() => end("the hub does not answer"), delayMsMax);
        open.once("close", () => {
          clearTimeout(limit);
          left();
        });
      });
    }

    /** What a handler throws is a broken promise of ours: it ends the process. */
    function guarded(work: () => void): void {
      try {
        work();
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        end(`the hub breaks the protocol: ${error.message}`);
      }
    }

    const feed = createFrameReader(onFrame);
    socket.once("connect", () => writeFrame(socket, FRAME.hello, formatJson(hello)));
    socket.on("data", (chunk: Buffer) => guarded(() => feed(chunk)));
    socket.on("error", (error) => end(error.message));
    socket.on("close", () => end("the hub closed the connection"));
  });
}
