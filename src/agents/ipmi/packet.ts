/** Datagrams of IPMI 1.5 and 2.0, taken apart and put together. Never throws on bytes from outside. */
import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mac, type SessionKeys, type Suite } from "./suites.ts";

const RMCP = Buffer.from([0x06, 0x00, 0xff, 0x07]);
const RMCP_BYTES = 4;
const V15_HEAD_BYTES = 10;
const V20_HEAD_BYTES = 16;
const FORMAT_V20 = 0x06;
const TRAILER = 0x07;
const BLOCK_BYTES = 16;
const CODE15_BYTES = 16;
const SECRET15_BYTES = 16;

export const PAYLOAD = {
  ipmi: 0x00,
  openRequest: 0x10,
  openResponse: 0x11,
  rakp1: 0x12,
  rakp2: 0x13,
  rakp3: 0x14,
  rakp4: 0x15,
} as const;

export const AUTH15 = { none: 0, md5: 2, password: 4 } as const;

export interface Packet15 {
  readonly type: "1.5";
  readonly auth: number;
  readonly seq: number;
  readonly id: Buffer;
  readonly code: Buffer;
  readonly payload: Buffer;
}

export interface Packet20 {
  readonly type: "2.0";
  readonly payloadType: number;
  readonly encrypted: boolean;
  readonly authenticated: boolean;
  readonly id: Buffer;
  readonly seq: number;
  /** As it came: perhaps encrypted. */
  readonly payload: Buffer;
  /** From the format byte to the end of the datagram. */
  readonly session: Buffer;
}

export const NO_ID: Buffer = Buffer.alloc(4);

/** Undefined: not a datagram of IPMI, cut short, or longer than it says. */
export function decodePacket(bytes: Buffer): Packet15 | Packet20 | undefined {
  if (bytes.length < RMCP_BYTES + 1) return undefined;
  // The sequence number of RMCP says nothing here, and bit 7 of the class is for acknowledgements.
  if (bytes.readUInt8(0) !== 0x06 || bytes.readUInt8(3) !== 0x07) return undefined;
  const session = bytes.subarray(RMCP_BYTES);
  return session.readUInt8(0) === FORMAT_V20 ? decode20(session) : decode15(session);
}

function decode15(session: Buffer): Packet15 | undefined {
  const auth = session.readUInt8(0);
  const codeBytes = auth === AUTH15.none ? 0 : CODE15_BYTES;
  if (session.length < V15_HEAD_BYTES + codeBytes) return undefined;
  const lengthAt = V15_HEAD_BYTES + codeBytes - 1;
  const begin = lengthAt + 1;
  const end = begin + session.readUInt8(lengthAt);
  // Some devices add one byte to lengths that old network chips could not send.
  if (session.length !== end && session.length !== end + 1) return undefined;
  return {
    type: "1.5",
    auth,
    seq: session.readUInt32LE(1),
    id: session.subarray(5, 9),
    code: session.subarray(9, 9 + codeBytes),
    payload: session.subarray(begin, end),
  };
}

function decode20(session: Buffer): Packet20 | undefined {
  if (session.length < 12) return undefined;
  const kind = session.readUInt8(1);
  const begin = V20_HEAD_BYTES - RMCP_BYTES;
  const end = begin + session.readUInt16LE(10);
  if (session.length < end) return undefined;
  return {
    type: "2.0",
    payloadType: kind & 0x3f,
    encrypted: (kind & 0x80) !== 0,
    authenticated: (kind & 0x40) !== 0,
    id: session.subarray(2, 6),
    seq: session.readUInt32LE(6),
    payload: session.subarray(begin, end),
    session,
  };
}

/** Before there is a session, or with a suite that protects nothing. */
export function encodePlain20(payloadType: number, payload: Buffer, id = NO_ID, seq = 0): Buffer {
  return Buffer.concat([RMCP, head20(payloadType, id, seq, payload.length), payload]);
}

export function encode15(
  payload: Buffer,
  head: { readonly auth: number; readonly seq: number; readonly id: Buffer; readonly secret: Buffer },
): Buffer {
  const front = Buffer.alloc(5);
  front.writeUInt8(head.auth, 0);
  front.writeUInt32LE(head.seq, 1);
  const code = head.auth === AUTH15.none ? Buffer.alloc(0) : code15(payload, head);
  return Buffer.concat([RMCP, front, head.id, code, Buffer.from([payload.length]), payload]);
}

/** Shape: `secret` is the password, padded to 16 bytes. */
export function code15(
  payload: Buffer,
  head: { readonly auth: number; readonly seq: number; readonly id: Buffer; readonly secret: Buffer },
): Buffer {
  if (head.auth === AUTH15.password) return head.secret;
  const seq = Buffer.alloc(4);
  seq.writeUInt32LE(head.seq);
  const hash = createHash("md5").update(head.secret).update(head.id).update(payload);
  return hash.update(seq).update(head.secret).digest();
}

export function secret15(password: Uint8Array): Buffer {
  const secret = Buffer.alloc(SECRET15_BYTES);
  secret.set(password.subarray(0, SECRET15_BYTES));
  return secret;
}

export function isGenuine15(packet: Packet15, secret: Buffer): boolean {
  const { auth, seq, id, payload, code } = packet;
  if (auth !== AUTH15.md5 && auth !== AUTH15.password) return false;
  return code.length === CODE15_BYTES && timingSafeEqual(code, code15(payload, { auth, seq, id, secret }));
}

/** Signs and encrypts, as far as the suite does. `iv`: only tests give one. */
export function seal(
  payload: Buffer,
  head: { readonly suite: Suite; readonly keys: SessionKeys; readonly id: Buffer; readonly seq: number },
  iv: Buffer = randomBytes(BLOCK_BYTES),
): Buffer {
  const { suite, keys, id, seq } = head;
  const isSecret = suite.confidentiality !== 0;
  const isSigned = suite.integrity !== 0;
  const body = isSecret ? encrypt(payload, keys.cipher, iv) : payload;
  const kind = PAYLOAD.ipmi | (isSecret ? 0x80 : 0) | (isSigned ? 0x40 : 0);
  const front = Buffer.concat([head20(kind, id, seq, body.length), body]);
  if (!isSigned) return Buffer.concat([RMCP, front]);
  const padBytes = -(front.length + 2) & 3;
  const pad = Buffer.alloc(padBytes, 0xff);
  const region = Buffer.concat([front, pad, Buffer.from([padBytes, TRAILER])]);
  const code = mac(suite, keys.integrity, [region]).subarray(0, suite.codeBytes);
  return Buffer.concat([RMCP, region, code]);
}

/** The payload, when signature and padding are right; undefined for everything else. */
export function unseal(packet: Packet20, suite: Suite, keys: SessionKeys): Buffer | undefined {
  const isSecret = suite.confidentiality !== 0;
  const isSigned = suite.integrity !== 0;
  if (packet.encrypted !== isSecret || packet.authenticated !== isSigned) return undefined;
  if (isSigned && !isGenuine(packet, suite, keys)) return undefined;
  return isSecret ? decrypt(packet.payload, keys.cipher) : packet.payload;
}

function isGenuine({ session, payload }: Packet20, suite: Suite, keys: SessionKeys): boolean {
  const end = session.length - suite.codeBytes;
  const front = V20_HEAD_BYTES - RMCP_BYTES + payload.length;
  if (end < front + 2) return false;
  const region = session.subarray(0, end);
  const code = mac(suite, keys.integrity, [region]).subarray(0, suite.codeBytes);
  if (!timingSafeEqual(session.subarray(end), code)) return false;
  return region.readUInt8(end - 1) === TRAILER && region.readUInt8(end - 2) === end - 2 - front;
}

function encrypt(payload: Buffer, key: Buffer, iv: Buffer): Buffer {
  const padBytes = -(payload.length + 1) & (BLOCK_BYTES - 1);
  const pad = Buffer.from([...Array(padBytes).keys()].map((index) => index + 1).concat(padBytes));
  const cipher = createCipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
  return Buffer.concat([iv, cipher.update(payload), cipher.update(pad), cipher.final()]);
}

function decrypt(body: Buffer, key: Buffer): Buffer | undefined {
  const text = body.subarray(BLOCK_BYTES);
  if (text.length === 0 || text.length % BLOCK_BYTES !== 0) return undefined;
  const cipher = createDecipheriv("aes-128-cbc", key, body.subarray(0, BLOCK_BYTES)).setAutoPadding(false);
  const plain = Buffer.concat([cipher.update(text), cipher.final()]);
  const padBytes = plain.readUInt8(plain.length - 1);
  return padBytes < BLOCK_BYTES ? plain.subarray(0, plain.length - 1 - padBytes) : undefined;
}

function head20(kind: number, id: Buffer, seq: number, length: number): Buffer {
  const head = Buffer.alloc(V20_HEAD_BYTES - RMCP_BYTES);
  head.writeUInt8(FORMAT_V20, 0);
  head.writeUInt8(kind, 1);
  head.set(id, 2);
  head.writeUInt32LE(seq, 6);
  head.writeUInt16LE(length, 10);
  return head;
}
