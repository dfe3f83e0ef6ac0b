/**
 * The texts of configurations that this daemon holds, by digest. The core knows their digests only, so
 * that no password in them is ever in its state, in a log or in a flight record.
 */
import { createHash } from "node:crypto";
import type { AgentParameters as DeviceLines } from "../../config/parameters.ts";
import { HOLDS_MAX } from "../../core/configuration/desk.ts";
import { type LoadedConfig, type ReadTree, readConfig } from "../config-file.ts";

/** More than the core ever says that it holds: nothing that it names is forgotten here. */
const TEXTS_MAX = HOLDS_MAX + 16;
/** Texts that are kept as read. */
const READ_MAX = 16;

export interface TextStore {
  /** Keeps it; answers its digest. */
  put(bytes: Uint8Array): string;
  bytes(digest: string): Uint8Array | undefined;
  /** Reads it once; `name` stands in messages. Errors: rejects with `CFG_INVALID` and all that is wrong. */
  read(digest: string, name?: string): Promise<LoadedConfig>;
  /** What agents are told, of a configuration that was read. */
  lines(digest: string): DeviceLines | undefined;
  allLines(): readonly DeviceLines[];
}

export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** `isNamed`: does the core go by this configuration, or may it soon? */
export function createTextStore(readTree: ReadTree, isNamed: (digest: string) => boolean): TextStore {
  const texts = new Map<string, Uint8Array>();
  const read = new Map<string, LoadedConfig>();

  function forget(map: Map<string, unknown>, max: number): void {
    for (const digest of map.keys()) {
      if (map.size <= max) return;
      if (!isNamed(digest)) map.delete(digest);
    }
  }

  return {
    put(bytes) {
      const digest = digestOf(bytes);
      texts.delete(digest); // The newest is the last to be forgotten.
      texts.set(digest, bytes);
      forget(texts, TEXTS_MAX);
      return digest;
    },
    bytes: (digest) => texts.get(digest),
    async read(digest, name = "cluster.conf") {
      const known = read.get(digest);
      if (known !== undefined) return known;
      const bytes = texts.get(digest);
      if (bytes === undefined) throw new Error(`no text ${digest} is here`);
      const loaded = await readConfig(bytes, name, readTree);
      read.set(digest, loaded);
      forget(read, READ_MAX);
      return loaded;
    },
    lines: (digest) => read.get(digest)?.lines,
    allLines: () => [...read.values()].map((loaded) => loaded.lines),
  };
}
