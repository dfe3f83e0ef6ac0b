/**
 * The kernel's file system protocol over /dev/fuse: requests to typed values, answers to bytes.
 * Source: include/uapi/linux/fuse.h, protocol 7.31. Little endian machines only, as Debian's are.
 */

export const PROTOCOL = { major: 7, minor: 31 } as const;
/** Units: bytes of file data in one request. */
export const WRITE_MAX = 128 * 1024;
/** Units: bytes. What one read of the device must have room for. */
export const REQUEST_MAX = WRITE_MAX + 4096;

export const OP = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  setattr: 4,
  mkdir: 9,
  unlink: 10,
  rmdir: 11,
  rename: 12,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  init: 26,
  opendir: 27,
  readdir: 28,
  releasedir: 29,
  fsyncdir: 30,
  create: 35,
  interrupt: 36,
  batchForget: 42,
  rename2: 45,
} as const;

const IN_HEADER = 40;
const OUT_HEADER = 16;

export interface Request {
  readonly op: number;
  readonly unique: bigint;
  readonly inode: number;
  readonly uid: number;
  readonly gid: number;
  readonly body: Buffer;
}

export function parseRequest(bytes: Buffer): Request {
  return {
    op: bytes.readUInt32LE(4),
    unique: bytes.readBigUInt64LE(8),
    inode: Number(bytes.readBigUInt64LE(16)),
    uid: bytes.readUInt32LE(24),
    gid: bytes.readUInt32LE(28),
    body: bytes.subarray(IN_HEADER, bytes.readUInt32LE(0)),
  };
}

/** `error`: an errno, 0 when it went well. */
export function formatReply(unique: bigint, error: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const reply = Buffer.alloc(OUT_HEADER + body.length);
  reply.writeUInt32LE(reply.length, 0);
  reply.writeInt32LE(-error, 4);
  reply.writeBigUInt64LE(unique, 8);
  body.copy(reply, OUT_HEADER);
  return reply;
}

export interface Attributes {
  readonly inode: number;
  readonly size: number;
  /** With the type bits. */
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  /** Units: ms since 1970. */
  readonly changedAt: number;
}

/** `struct fuse_attr`, 88 bytes. */
function formatAttributes(attributes: Attributes): Buffer {
  const bytes = Buffer.alloc(88);
  const seconds = BigInt(Math.floor(attributes.changedAt / 1_000));
  const nanoseconds = (attributes.changedAt % 1_000) * 1_000_000;
  bytes.writeBigUInt64LE(BigInt(attributes.inode), 0);
  bytes.writeBigUInt64LE(BigInt(attributes.size), 8);
  bytes.writeBigUInt64LE(BigInt(Math.ceil(attributes.size / 512)), 16);
  for (const at of [24, 32, 40]) bytes.writeBigUInt64LE(seconds, at);
  for (const at of [48, 52, 56]) bytes.writeUInt32LE(nanoseconds, at);
  bytes.writeUInt32LE(attributes.mode, 60);
  bytes.writeUInt32LE(attributes.links, 64);
  bytes.writeUInt32LE(attributes.uid, 68);
  bytes.writeUInt32LE(attributes.gid, 72);
  bytes.writeUInt32LE(4096, 80);
  return bytes;
}

/** Answer to getattr and setattr. Nothing may be cached: a disk that hangs must be asked. */
export function attributeReply(attributes: Attributes): Buffer {
  return Buffer.concat([Buffer.alloc(16), formatAttributes(attributes)]);
}

/** Answer to lookup, mkdir, create. */
export function entryReply(attributes: Attributes): Buffer {
  const head = Buffer.alloc(40);
  head.writeBigUInt64LE(BigInt(attributes.inode), 0);
  return Buffer.concat([head, formatAttributes(attributes)]);
}

/**
 * "Do not flush on close" (FOPEN_NOFLUSH): a local disk is not asked when a file is closed. Without
 * it every child of a process with an open file would hang between fork and exec, as over NFS.
 */
const FILE_FLAGS = 1 << 5;

/** Answer to open and opendir. */
export const OPENED = Buffer.alloc(16);
OPENED.writeUInt32LE(FILE_FLAGS, 8);

export function initReply(body: Buffer): Buffer {
  const reply = Buffer.alloc(64);
  reply.writeUInt32LE(PROTOCOL.major, 0);
  reply.writeUInt32LE(PROTOCOL.minor, 4);
  reply.writeUInt32LE(body.readUInt32LE(8), 8); // Read ahead as far as the kernel likes.
  reply.writeUInt16LE(16, 16);
  reply.writeUInt16LE(12, 18);
  reply.writeUInt32LE(WRITE_MAX, 20);
  reply.writeUInt32LE(1, 24);
  return reply;
}

export function writeReply(size: number): Buffer {
  const reply = Buffer.alloc(8);
  reply.writeUInt32LE(size, 0);
  return reply;
}

/** A file system of one GiB that is mostly empty. */
export function statfsReply(): Buffer {
  const reply = Buffer.alloc(80);
  const blocks = BigInt((1024 * 1024 * 1024) / 4096);
  for (const at of [0, 8, 16]) reply.writeBigUInt64LE(blocks, at);
  for (const at of [24, 32]) reply.writeBigUInt64LE(1_000_000n, at);
  reply.writeUInt32LE(4096, 40);
  reply.writeUInt32LE(255, 44);
  reply.writeUInt32LE(4096, 48);
  return reply;
}

/** One entry of a directory listing; `next` is the offset to go on from. */
export function directoryEntry(inode: number, next: number, mode: number, name: string): Buffer {
  const text = Buffer.from(name);
  const bytes = Buffer.alloc(Math.ceil((24 + text.length) / 8) * 8);
  bytes.writeBigUInt64LE(BigInt(inode), 0);
  bytes.writeBigUInt64LE(BigInt(next), 8);
  bytes.writeUInt32LE(text.length, 16);
  bytes.writeUInt32LE(mode >> 12, 20);
  text.copy(bytes, 24);
  return bytes;
}

/** NUL-terminated names at the end of a request. */
export function namesIn(body: Buffer, from = 0): readonly string[] {
  return body.subarray(from).toString("utf8").split("\0").slice(0, -1);
}
