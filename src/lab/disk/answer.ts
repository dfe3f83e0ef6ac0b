/** What a disk of the lab answers to one request of the kernel. */
import { constants } from "node:os";
import {
  type Attributes,
  attributeReply,
  directoryEntry,
  entryReply,
  initReply,
  namesIn,
  OP,
  OPENED,
  type Request,
  statfsReply,
  writeReply,
} from "./fuse-protocol.ts";
import { type File, FileError, type MemoryFiles, ROOT_INODE } from "./memory-files.ts";

export interface Answer {
  readonly error: number;
  readonly body?: Buffer;
}

/** Bits of `setattr` that say which fields count. */
const VALID = { mode: 1, uid: 2, gid: 4, size: 8 } as const;
const RENAME_FLAGS_NONE = 0;

/** Undefined: this request gets no answer. */
export function answerTo(files: MemoryFiles, request: Request): Answer | undefined {
  try {
    return perform(files, request);
  } catch (error) {
    if (error instanceof FileError) return { error: error.errno };
    throw error;
  }
}

function perform(files: MemoryFiles, request: Request): Answer | undefined {
  const { op, inode, body } = request;
  const owner = { uid: request.uid, gid: request.gid };
  switch (op) {
    case OP.forget:
    case OP.batchForget:
    case OP.interrupt:
      return undefined;
    case OP.init:
      return okay(initReply(body));
    case OP.lookup:
      return entry(files.lookup(inode, nameIn(body)));
    case OP.getattr:
      return okay(attributeReply(attributesOf(files.get(inode))));
    case OP.setattr:
      return setAttributes(files, files.get(inode), body);
    case OP.mkdir:
      return entry(files.make(inode, nameIn(body, 8), "directory", body.readUInt32LE(0), owner));
    case OP.create: {
      const file = files.make(inode, nameIn(body, 16), "file", body.readUInt32LE(4), owner);
      return okay(Buffer.concat([entryReply(attributesOf(file)), OPENED]));
    }
    case OP.unlink:
      files.remove(inode, nameIn(body), "file");
      return okay();
    case OP.rmdir:
      files.remove(inode, nameIn(body), "directory");
      return okay();
    case OP.rename:
      return rename(files, inode, body, 8);
    case OP.rename2:
      if (body.readUInt32LE(8) !== RENAME_FLAGS_NONE) return { error: constants.errno.EINVAL };
      return rename(files, inode, body, 16);
    case OP.open: // The kernel truncates by a setattr of its own.
    case OP.opendir:
      return okay(OPENED);
    case OP.read:
      return read(files.get(inode), body);
    case OP.write:
      return write(files, inode, body);
    case OP.readdir:
      return readDirectory(files.get(inode), body);
    case OP.statfs:
      return okay(statfsReply());
    case OP.release:
    case OP.releasedir:
    case OP.fsync:
    case OP.fsyncdir:
      return okay();
    default:
      return { error: constants.errno.ENOSYS };
  }
}

function okay(body?: Buffer): Answer {
  return body === undefined ? { error: 0 } : { error: 0, body };
}

function entry(file: File): Answer {
  return okay(entryReply(attributesOf(file)));
}

function nameIn(body: Buffer, from = 0): string {
  const [name] = namesIn(body, from);
  if (name === undefined || name === "") throw new FileError("EINVAL");
  return name;
}

function attributesOf({ inode, size, mode, links, uid, gid, changedAt }: File): Attributes {
  return { inode, size, mode, links, uid, gid, changedAt };
}

function setAttributes(files: MemoryFiles, file: File, body: Buffer): Answer {
  const valid = body.readUInt32LE(0);
  if ((valid & VALID.size) !== 0) files.resize(file, Number(body.readBigUInt64LE(16)));
  if ((valid & VALID.mode) !== 0) file.mode = (file.mode & ~0o7777) | (body.readUInt32LE(68) & 0o7777);
  if ((valid & VALID.uid) !== 0) file.uid = body.readUInt32LE(76);
  if ((valid & VALID.gid) !== 0) file.gid = body.readUInt32LE(80);
  return okay(attributeReply(attributesOf(file)));
}

function rename(files: MemoryFiles, inode: number, body: Buffer, namesFrom: number): Answer {
  const [name, newName] = namesIn(body, namesFrom);
  if (name === undefined || newName === undefined) throw new FileError("EINVAL");
  files.rename(inode, name, Number(body.readBigUInt64LE(0)), newName);
  return okay();
}

function read(file: File, body: Buffer): Answer {
  const offset = Number(body.readBigUInt64LE(8));
  return okay(file.data.subarray(offset, Math.min(file.size, offset + body.readUInt32LE(16))));
}

function write(files: MemoryFiles, inode: number, body: Buffer): Answer {
  const size = body.readUInt32LE(16);
  files.write(files.get(inode), Number(body.readBigUInt64LE(8)), body.subarray(40, 40 + size));
  return okay(writeReply(size));
}

function readDirectory(file: File, body: Buffer): Answer {
  const sizeMax = body.readUInt32LE(16);
  const entries: Buffer[] = [];
  let size = 0;
  const all: readonly (readonly [string, { readonly inode: number; readonly mode: number }])[] = [
    [".", file],
    ["..", { inode: ROOT_INODE, mode: file.mode }],
    ...file.entries,
  ];
  for (const [index, [name, { inode, mode }]] of all.entries()) {
    if (index < Number(body.readBigUInt64LE(8))) continue;
    const bytes = directoryEntry(inode, index + 1, mode, name);
    if (size + bytes.length > sizeMax) break;
    entries.push(bytes);
    size += bytes.length;
  }
  return okay(Buffer.concat(entries));
}
