/** What this node alone knows of configurations: which texts its edge holds and what it read in them. */
import type { AgentTraits, ClusterConfig } from "../config.ts";
import type { Millis } from "../ids.ts";
import type { State, Turn } from "../state.ts";
import { update } from "../turn.ts";
import type { ConfigName, LedgerConfigs } from "./stamp.ts";

/** Readings kept beside those that the ledger names. */
const READINGS_MAX = 8;
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
  /** When the configuration in force goes back by itself, by this node's own clock. */
  readonly confirm?: { readonly digest: string; readonly at: Millis };
}

export function createDesk(file: ConfigName, holds: readonly string[]): ConfigDesk {
  return { file, holds: holds.slice(-HOLDS_MAX), read: new Map() };
}

export function updateDesk(turn: Turn, change: Partial<ConfigDesk>): void {
  update(turn, { desk: { ...turn.state.desk, ...change } });
}

export function updateConfigs(turn: Turn, change: Partial<LedgerConfigs>): void {
  const { ledger } = turn.state;
  update(turn, { ledger: { ...ledger, configs: { ...ledger.configs, ...change } } });
}

export function holds(state: State, digest: string): boolean {
  return state.desk.holds.includes(digest);
}

export function noteHeld(turn: Turn, digest: string): void {
  const { desk } = turn.state;
  if (desk.holds.includes(digest)) return;
  updateDesk(turn, { holds: [...desk.holds, digest].slice(-HOLDS_MAX) });
}

/** Digests that the ledger names: their texts must reach everybody. */
export function namedDigests(state: State): readonly string[] {
  const { epoch, configs } = state.ledger;
  const names = [
    epoch.config,
    epoch.config.confirm?.back,
    configs.carried,
    configs.wish,
    configs.staged,
    state.durable.config,
  ];
  return [...new Set(names.flatMap((one) => (one === undefined || one.digest === "" ? [] : [one.digest])))];
}

export function noteReading(turn: Turn, digest: string, reading: Reading): void {
  const { desk } = turn.state;
  const named = new Set([...namedDigests(turn.state), turn.state.config.digest]);
  const others = [...desk.read.keys()].filter((key) => key !== digest && !named.has(key));
  const old = new Set(others.slice(0, Math.max(0, others.length - READINGS_MAX)));
  const kept = [...desk.read].filter(([key]) => key !== digest && !old.has(key));
  updateDesk(turn, { read: new Map([...kept, [digest, reading]]) });
}
