/**
 * What the disks of those present tell when nobody holds a ledger of this run. Any quorum overlaps
 * the quorum that persisted the last epoch. Source: docs/protocol.md, "Start-up".
 */
import type { NodeId } from "../ids.ts";
import { EPOCH_NONE, type EpochRecord, type Ledger } from "../ledger.ts";
import type { Hello } from "../messages.ts";
import { byNode, sortedBy } from "../turn.ts";

type Departed = EpochRecord["departed"][number];

/**
 * The newest record. Two different proposals with one number cannot both have been established,
 * but which was is unknown: members of either may still be alive, and who left counts only if both
 * say so.
 */
export function newestEpoch(records: readonly EpochRecord[]): EpochRecord {
  const n = Math.max(0, ...records.map((record) => record.n));
  const newest = records.filter((record) => record.n === n);
  const first = newest[0];
  if (first === undefined || n === 0) return EPOCH_NONE;
  const departed = mergeDeparted(n, newest, records);
  const gone = new Set(departed.map((d) => d.node));
  const members = new Map<NodeId, EpochRecord["members"][number]>();
  for (const record of newest) {
    for (const member of record.members) if (!gone.has(member.node)) members.set(member.node, member);
  }
  return { ...first, members: sortedBy([...members.values()]), departed };
}

function mergeDeparted(
  n: number,
  newest: readonly EpochRecord[],
  records: readonly EpochRecord[],
): readonly Departed[] {
  const merged = new Map<NodeId, Departed>();
  const proposers = new Set(newest.map((record) => record.proposer));
  for (const record of newest) {
    for (const departed of record.departed) {
      const others = newest.filter((other) => other.proposer !== record.proposer);
      const confirmed = others.every((other) => byNode(other.departed, departed.node) !== undefined);
      if (proposers.size === 1 || confirmed) merged.set(departed.node, departed);
    }
  }
  // Whoever left while the newest epoch was in force is known only to those who stayed longer.
  for (const record of records) {
    for (const departed of record.departed) {
      if (departed.epoch >= n) merged.set(departed.node, departed);
    }
  }
  return sortedBy([...merged.values()]);
}

/**
 * The base ledger with what the disks know better, as long as no epoch was established in this
 * run: startup victims that nobody has touched and that a newer record knows as departed, go.
 */
export function withDurable(base: Ledger, hellos: ReadonlyMap<string, Hello>): Ledger {
  if (base.established) return base;
  const epoch = newestEpoch([base.epoch, ...[...hellos.values()].map((hello) => hello.durable)]);
  const departed = new Map(base.departed.map((d) => [d.node, d]));
  for (const d of epoch.departed) departed.set(d.node, d);
  const victims = base.victims.filter(
    (v) => v.begun || v.cause !== "unknown since start" || !departed.has(v.node),
  );
  return { ...base, epoch, departed: sortedBy([...departed.values()]), victims };
}
