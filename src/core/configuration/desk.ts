/** What this node alone knows of configurations: which texts its edge holds and what it read in them. */
import type { AgentTraits, ClusterConfig } from "../config.ts";
import type { Millis } from "../ids.ts";
import type { ConfigName } from "./stamp.ts";

/** Texts of which this node says that it holds them. */
export const HOLDS_MAX = 64;

export type Reading =
  | { readonly ok: true; readonly config: ClusterConfig; readonly traits: readonly AgentTraits[] }
  | { readonly ok: false; readonly problem: string };

export interface ConfigDesk {
  /** `cluster.conf` on this node's disk at the start: counts only where no epoch was ever made durable. */
  readonly file: ConfigName;
  /** Digests of the texts that the edge holds, the newest last. At most {@link HOLDS_MAX}. */
  readonly holds: readonly string[];
  readonly read: ReadonlyMap<string, Reading>;
  /** In force by the ledger, and not read here yet: no shot begins by older words. */
  readonly awaits?: string;
  /** In force by an epoch that fewer disks have than a configuration needs: nobody is told that it is activated. */
  readonly thin?: { readonly digest: string; readonly votes: number; readonly needed: number };
  /** When the configuration in force goes back by itself, by this node's own clock. */
  readonly confirm?: { readonly digest: string; readonly at: Millis };
}

export function createDesk(file: ConfigName, holds: readonly string[]): ConfigDesk {
  return { file, holds: holds.slice(-HOLDS_MAX), read: new Map() };
}
