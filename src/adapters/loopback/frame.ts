/**
 * Frames on the hub's stream socket: length (u32, big endian, of what follows), type (u8), body.
 * The peer is another process: nothing in a frame is believed before it is measured.
 */
import type { Socket } from "node:net";
import { PAYLOAD_BYTES_MAX } from "../../ports/group-engine.ts";

/** Units: bytes. One payload and its header; also the limit of every JSON body. */
export const FRAME_BYTES_MAX = PAYLOAD_BYTES_MAX + 4096;

const LENGTH_BYTES = 4;

/** The peer broke the protocol: its connection is of no more use. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/**
 * Cuts a stream of chunks into frames.
 *
 * Errors: the returned function throws {@link FrameError} for a frame that is empty or too long,
 *         and whatever `onFrame` throws.
 */
export function createFrameReader(onFrame: (type: number, body: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let bytes = 0;

  /** The first `count` bytes in one piece; joins chunks only when that many are there. */
  function peek(count: number): Buffer | undefined {
    if (bytes < count) return undefined;
    const first = chunks[0];
    if (first !== undefined && first.length >= count) return first;
    const joined = Buffer.concat(chunks);
    chunks = [joined];
    return joined;
  }

  return function feed(chunk) {
    chunks.push(chunk);
    bytes += chunk.length;
    for (;;) {
      const length = peek(LENGTH_BYTES)?.readUInt32BE(0);
      if (length === undefined) return;
      if (length < 1 || length > FRAME_BYTES_MAX) throw new FrameError(`frame of ${length} bytes`);
      const whole = LENGTH_BYTES + length;
      const data = peek(whole);
      if (data === undefined) return;
      chunks[0] = data.subarray(whole);
      bytes -= whole;
      onFrame(data.readUInt8(LENGTH_BYTES), data.subarray(LENGTH_BYTES + 1, whole));
    }
  };
}

/** Writes one frame; the socket queues what the kernel does not take at once. */
export function writeFrame(socket: Socket, type: number, ...parts: readonly Uint8Array[]): void {
  if (socket.destroyed || socket.writableEnded) return;
  const length = 1 + parts.reduce((sum, part) => sum + part.length, 0);
  const header = Buffer.allocUnsafe(LENGTH_BYTES + 1);
  header.writeUInt32BE(length, 0);
  header.writeUInt8(type, LENGTH_BYTES);
  socket.write(Buffer.concat([header, ...parts], LENGTH_BYTES + length));
}
