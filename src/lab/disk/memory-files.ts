/** Files and directories in memory: what lies on a disk of the lab. */
import { constants } from "node:os";

/** An answer that is an error of the file system. */
export class FileError extends Error {
  readonly errno: number;
  constructor(name: keyof typeof constants.errno) {
    super(name);
    this.errno = constants.errno[name];
  }
}

export const S_IFDIR = 0o040000;
export const S_IFREG = 0o100000;
export const ROOT_INODE = 1;
/** Units: bytes, for all files of a disk together, removed ones included: those may still be open. */
export const DISK_BYTES_MAX = 512 * 1024 * 1024;

export interface File {
  readonly inode: number;
  readonly kind: "file" | "directory";
  mode: number;
  uid: number;
  gid: number;
  links: number;
  /** Units: ms since 1970. */
  changedAt: number;
  /** Capacity; the file's content is its first `size` bytes. */
  data: Buffer;
  size: number;
  readonly entries: Map<string, File>;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface MemoryFiles {
  /** Inodes of files that were made under such a name; a live view. */
  named(pattern: RegExp): { has(inode: number): boolean };
  get(inode: number): File;
  lookup(parent: number, name: string): File;
  make(parent: number, name: string, kind: File["kind"], mode: number, owner: Owner): File;
  remove(parent: number, name: string, kind: File["kind"]): void;
  rename(from: number, name: string, to: number, newName: string): void;
  resize(file: File, size: number): void;
  write(file: File, offset: number, bytes: Buffer): void;
}

export function createMemoryFiles(): MemoryFiles {
  const files = new Map<number, File>();
  const names = new Map<number, string>();
  let lastInode = 0;
  let bytesUsed = 0;
  const create = (kind: File["kind"], mode: number, owner: Owner): File => {
    const type = kind === "directory" ? S_IFDIR : S_IFREG;
    const content = { data: Buffer.alloc(0), size: 0, entries: new Map<string, File>() };
    const inode = ++lastInode;
    const file: File = {
      ...{ inode, kind, mode: type | (mode & 0o7777), ...owner, links: kind === "directory" ? 2 : 1 },
      ...{ changedAt: Date.now(), ...content },
    };
    files.set(inode, file);
    return file;
  };
  create("directory", 0o755, { uid: 0, gid: 0 });

  function get(inode: number): File {
    const file = files.get(inode);
    if (file === undefined) throw new FileError("ENOENT");
    return file;
  }

  function directory(inode: number): File {
    const file = get(inode);
    if (file.kind !== "directory") throw new FileError("ENOTDIR");
    return file;
  }

  function lookup(parent: number, name: string): File {
    const file = directory(parent).entries.get(name);
    if (file === undefined) throw new FileError("ENOENT");
    return file;
  }

  function resize(file: File, size: number): void {
    if (size > file.data.length) {
      const capacity = Math.max(size, file.data.length * 2, 4096);
      if (bytesUsed + capacity - file.data.length > DISK_BYTES_MAX) throw new FileError("ENOSPC");
      bytesUsed += capacity - file.data.length;
      const grown = Buffer.alloc(capacity);
      file.data.copy(grown, 0, 0, file.size);
      file.data = grown;
    }
    if (size < file.size) file.data.fill(0, size, file.size); // A hole reads as zeros later.
    file.size = size;
    file.changedAt = Date.now();
  }

  return {
    named: (pattern) => ({ has: (inode) => pattern.test(names.get(inode) ?? "") }),
    get,
    lookup,
    resize,
    make(parent, name, kind, mode, owner) {
      const { entries } = directory(parent);
      if (entries.has(name)) throw new FileError("EEXIST");
      const file = create(kind, mode, owner);
      names.set(file.inode, name);
      entries.set(name, file);
      return file;
    },
    remove(parent, name, kind) {
      const file = lookup(parent, name);
      if (kind === "directory" && file.kind !== "directory") throw new FileError("ENOTDIR");
      if (kind === "file" && file.kind === "directory") throw new FileError("EISDIR");
      if (file.entries.size > 0) throw new FileError("ENOTEMPTY");
      directory(parent).entries.delete(name); // The file stays: somebody may have it open.
      file.links = 0;
    },
    rename(from, name, to, newName) {
      const file = lookup(from, name);
      const target = directory(to).entries.get(newName);
      if (target !== undefined && target.entries.size > 0) throw new FileError("ENOTEMPTY");
      if (target !== undefined && target !== file) target.links = 0;
      directory(from).entries.delete(name);
      directory(to).entries.set(newName, file);
    },
    write(file, offset, bytes) {
      if (offset + bytes.length > file.size) resize(file, offset + bytes.length);
      bytes.copy(file.data, offset);
      file.changedAt = Date.now();
    },
  };
}
