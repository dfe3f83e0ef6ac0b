import assert from "node:assert/strict";
import { constants } from "node:os";
import { test } from "node:test";
import { createMemoryFiles, DISK_BYTES_MAX, FileError, ROOT_INODE } from "./memory-files.ts";

const OWNER = { uid: 0, gid: 0 };

function failsWith(name: keyof typeof constants.errno) {
  return (error: unknown) => error instanceof FileError && error.errno === constants.errno[name];
}

test("what is written reads back, and holes are zeros, also after shrinking and growing", () => {
  const files = createMemoryFiles();
  const file = files.make(ROOT_INODE, "a", "file", 0o600, OWNER);
  files.write(file, 3, Buffer.from("xyz"));
  assert.deepEqual([...file.data.subarray(0, file.size)], [0, 0, 0, 120, 121, 122]);
  files.resize(file, 4);
  files.resize(file, 6);
  assert.deepEqual([...file.data.subarray(0, file.size)], [0, 0, 0, 120, 0, 0]);
});

test("names are made once, found, moved over others and removed", () => {
  const files = createMemoryFiles();
  const a = files.make(ROOT_INODE, "a", "file", 0o600, OWNER);
  const b = files.make(ROOT_INODE, "b", "file", 0o600, OWNER);
  assert.throws(() => files.make(ROOT_INODE, "a", "file", 0o600, OWNER), failsWith("EEXIST"));
  files.rename(ROOT_INODE, "a", ROOT_INODE, "b");
  assert.equal(files.lookup(ROOT_INODE, "b"), a);
  assert.throws(() => files.lookup(ROOT_INODE, "a"), failsWith("ENOENT"));
  files.write(b, 0, Buffer.from("somebody has it open"));
  files.remove(ROOT_INODE, "b", "file");
  assert.throws(() => files.lookup(ROOT_INODE, "b"), failsWith("ENOENT"));
});

test("directories go only when they are empty, files only as files", () => {
  const files = createMemoryFiles();
  const folder = files.make(ROOT_INODE, "d", "directory", 0o755, OWNER);
  files.make(folder.inode, "f", "file", 0o600, OWNER);
  assert.throws(() => files.remove(ROOT_INODE, "d", "directory"), failsWith("ENOTEMPTY"));
  assert.throws(() => files.remove(ROOT_INODE, "d", "file"), failsWith("EISDIR"));
  assert.throws(() => files.remove(folder.inode, "f", "directory"), failsWith("ENOTDIR"));
  files.remove(folder.inode, "f", "file");
  files.remove(ROOT_INODE, "d", "directory");
});

test("the disk is full at its limit", () => {
  const files = createMemoryFiles();
  const file = files.make(ROOT_INODE, "a", "file", 0o600, OWNER);
  assert.throws(() => files.resize(file, DISK_BYTES_MAX + 1), failsWith("ENOSPC"));
  assert.equal(file.size, 0);
});
