/** The hub's end of one engine's connection: frames in, seat at the switchboard, frames out. */
import type { Socket } from "node:net";
import { FrameError, writeFrame } from "./frame.ts";
import {
  decodeMulticast,
  decodeNumber,
  encodeMessageHeader,
  encodeNumber,
  encodeStamp,
  FRAME,
  formatJson,
  type Hello,
  machineNow,
  parseVeto,
  WINDOW,
} from "./protocol.ts";
import type { Seat } from "./seat.ts";
import type { Switchboard } from "./switchboard.ts";

/** Units: bytes that may wait for one process before its ring pauses. */
const CONGESTED_BYTES = 8 * 1024 * 1024;

export interface HubClient {
  readonly seat: Seat;
  /** Why an orderly shutdown is refused. */
  readonly veto: string | undefined;
  /** Errors: throws FrameError when the peer breaks the protocol. */
  onFrame(type: number, body: Buffer): void;
  onDrain(): void;
  /** The connection is gone. */
  onClose(): void;
  /** Sends a ping unless one is unanswered, and gives up who lets one wait for the token time. */
  probe(): void;
  /** The hub itself was late: nobody's silence counts. */
  forgive(): void;
}

export function createHubClient(
  socket: Socket,
  hello: Hello,
  switchboard: Switchboard,
  tokenMs: number,
): HubClient {
  let veto: string | undefined;
  let lastSeq = 0;
  let pingCount = 0;
  let pingedAt: number | undefined;

  const send = (type: number, ...parts: Uint8Array[]): void =>
    writeFrame(socket, type, encodeStamp(), ...parts);

  send(FRAME.welcome, formatJson({ tokenMs }));
  const { nodeId, processId, votes, expectedVotes, twoNode } = hello;
  const seat = switchboard.enter(
    { process: { nodeId, processId }, votes, expectedVotes, twoNode },
    {
      view: (view) => send(FRAME.view, formatJson(view)),
      message: (from, payload) => send(FRAME.message, encodeMessageHeader(from), payload),
      isCongested: () => socket.writableLength > CONGESTED_BYTES,
    },
  );

  function onMulticast(body: Buffer): void {
    const { seq, payload } = decodeMulticast(body);
    if (seq !== lastSeq + 1) throw new FrameError(`multicast ${seq} after ${lastSeq}`);
    lastSeq = seq;
    if (seat.pendingMessages >= WINDOW.messagesMax || seat.pendingBytes >= WINDOW.bytesMax) {
      throw new FrameError("more messages than the window allows");
    }
    switchboard.accept(seat, seq, payload);
  }

  function onPong(count: number): void {
    if (count !== pingCount) return;
    pingedAt = undefined;
    switchboard.restore(seat);
  }

  /**
   * The engine slept and threw away what had waited for it. Whatever the ring believes of it: it
   * missed messages, so it must be seen to go and to come back.
   */
  function onResync(count: number): void {
    pingedAt = undefined;
    send(FRAME.resynced, encodeNumber(count));
    switchboard.silence(seat);
    switchboard.restore(seat);
  }

  return {
    seat,
    get veto() {
      return veto;
    },
    onFrame(type, body) {
      if (seat.presence === "crashed") return; // Words of a machine without power.
      switch (type) {
        case FRAME.multicast:
          onMulticast(body);
          break;
        case FRAME.pong:
          onPong(decodeNumber(body));
          break;
        case FRAME.resync:
          onResync(decodeNumber(body));
          break;
        case FRAME.veto:
          veto = parseVeto(body).because ?? undefined;
          break;
        case FRAME.leave:
          switchboard.exit(seat, "left");
          send(FRAME.bye);
          socket.end();
          break;
        default:
          throw new FrameError(`frame type ${type}`);
      }
    },
    onDrain: () => switchboard.pump(seat),
    onClose: () => switchboard.exit(seat, "died"),
    probe() {
      if (seat.presence === "crashed") return;
      if (pingedAt === undefined) {
        pingCount = (pingCount + 1) % 0xffff_ffff;
        pingedAt = machineNow();
        send(FRAME.ping, encodeNumber(pingCount));
      } else if (machineNow() - pingedAt >= tokenMs) {
        switchboard.silence(seat);
      }
    },
    forgive() {
      if (pingedAt !== undefined) pingedAt = machineNow();
    },
  };
}
