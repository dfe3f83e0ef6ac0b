/** The message inside a session: who, which command, with which data. Source: IPMI 2.0, chapter 13.8. */

export const BMC_ADDRESS = 0x20;
export const CONSOLE_ADDRESS = 0x81;

const HEAD_BYTES = 6;

export interface Message {
  readonly to: number;
  readonly from: number;
  /** Even: request; odd: the response to it. */
  readonly netFn: number;
  /** Shape: 0…63. */
  readonly seq: number;
  readonly command: number;
  /** Of a response, the first byte is the completion code. */
  readonly data: Buffer;
}

export function encodeMessage({ to, from, netFn, seq, command, data }: Message): Buffer {
  const head = [to, (netFn << 2) & 0xff];
  const body = [from, (seq << 2) & 0xff, command, ...data];
  return Buffer.from([...head, checksum(head), ...body, checksum(body)]);
}

/** Undefined: too short, or damaged. Never throws. */
export function decodeMessage(bytes: Buffer): Message | undefined {
  if (bytes.length < HEAD_BYTES + 1) return undefined;
  if (checksum(bytes.subarray(0, 3)) !== 0 || checksum(bytes.subarray(3)) !== 0) return undefined;
  return {
    to: bytes.readUInt8(0),
    netFn: bytes.readUInt8(1) >> 2,
    from: bytes.readUInt8(3),
    seq: bytes.readUInt8(4) >> 2,
    command: bytes.readUInt8(5),
    data: bytes.subarray(HEAD_BYTES, -1),
  };
}

/** What has to be added for the sum to be a multiple of 256. */
function checksum(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xff;
}
