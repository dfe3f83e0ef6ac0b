/** libcmap: the node list of Corosync's own configuration. Source: corosync/cmap.h. */
import type { EngineNode } from "../../ports/group-engine.ts";
import { CS, checkCs } from "./cs.ts";
import { callAsync, loadLibrary } from "./native.ts";

const KEY_BYTES = 256;
const VALUE_BYTES_MAX = 1024;
const TYPE_UINT32 = 6;
const TYPE_STRING = 11;

/** Entries of the node list that are looked at: more than Corosync takes nodes. */
const ENTRIES_MAX = 4096;

function bind() {
  const lib = loadLibrary("libcmap.so.4", "libcmap4");
  return {
    initialize: lib.func("int cmap_initialize(_Out_ uint64_t *handle)"),
    finalize: lib.func("int cmap_finalize(uint64_t handle)"),
    iterInit: lib.func("int cmap_iter_init(uint64_t handle, const char *prefix, _Out_ uint64_t *iter)"),
    iterNext: lib.func(
      "int cmap_iter_next(uint64_t handle, uint64_t iter, void *key, void *len, void *type)",
    ),
    iterFinalize: lib.func("int cmap_iter_finalize(uint64_t handle, uint64_t iter)"),
    get: lib.func("int cmap_get(uint64_t handle, const char *key, void *value, void *len, void *type)"),
  };
}

type Bindings = ReturnType<typeof bind>;

/** Reads it once. Errors: rejects with a CorosyncError. */
export async function readNodeList(): Promise<EngineNode[]> {
  const cmap = bind();
  const handleOut: [bigint | number] = [0];
  checkCs("cmap_initialize", await callAsync(cmap.initialize, handleOut));
  const handle = handleOut[0];
  try {
    const entries = new Map<string, { nodeId?: number; name?: string }>();
    for (const key of await listKeys(cmap, handle)) {
      const [, index, field] = /^nodelist\.node\.(\d+)\.(nodeid|name)$/.exec(key) ?? [];
      if (index === undefined) continue;
      const value = await readValue(cmap, handle, key);
      const entry = entries.get(index) ?? {};
      entries.set(index, entry);
      if (field === "nodeid" && typeof value === "number") entry.nodeId = value;
      if (field === "name" && typeof value === "string") entry.name = value;
    }
    return [...entries.values()]
      .filter((entry): entry is { nodeId: number; name?: string } => entry.nodeId !== undefined)
      .sort((a, b) => a.nodeId - b.nodeId);
  } finally {
    await callAsync(cmap.finalize, handle);
  }
}

async function listKeys(cmap: Bindings, handle: bigint | number): Promise<string[]> {
  const iterOut: [bigint | number] = [0];
  checkCs("cmap_iter_init", await callAsync(cmap.iterInit, handle, "nodelist.node.", iterOut));
  const keys: string[] = [];
  const key = Buffer.alloc(KEY_BYTES);
  while (keys.length < ENTRIES_MAX) {
    const code = await callAsync(cmap.iterNext, handle, iterOut[0], key, Buffer.alloc(8), Buffer.alloc(4));
    if (code !== CS.ok) break; // CS_ERR_NO_SECTIONS: that was the last one.
    keys.push(key.toString("latin1", 0, key.indexOf(0)));
  }
  await callAsync(cmap.iterFinalize, handle, iterOut[0]);
  return keys;
}

async function readValue(cmap: Bindings, handle: bigint | number, key: string): Promise<unknown> {
  const value = Buffer.alloc(VALUE_BYTES_MAX);
  const length = Buffer.alloc(8);
  const type = Buffer.alloc(4);
  length.writeBigUInt64LE(BigInt(VALUE_BYTES_MAX), 0);
  checkCs("cmap_get", await callAsync(cmap.get, handle, key, value, length, type));
  const bytes = Number(length.readBigUInt64LE(0));
  if (type.readInt32LE(0) === TYPE_UINT32) return value.readUInt32LE(0);
  if (type.readInt32LE(0) === TYPE_STRING) return value.toString("utf8", 0, bytes).replace(/\0.*$/s, "");
  return undefined;
}
