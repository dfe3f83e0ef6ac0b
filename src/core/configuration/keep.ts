/** The verbs with which configurations are written down, in the ledger and on this node's desk. */
import type { State, Turn } from "../state.ts";
import { update } from "../turn.ts";
import { type ConfigDesk, HOLDS_MAX, type Reading } from "./desk.ts";
import type { LedgerConfigs } from "./stamp.ts";

/** Readings kept beside those that the ledger names. */
const READINGS_MAX = 8;

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
