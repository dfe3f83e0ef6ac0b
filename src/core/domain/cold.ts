/**
 * What the disks of those present tell when nobody holds a ledger of this run. Any quorum overlaps
 * the quorum that persisted the last epoch. Source: docs/protocol.md, "Start-up".
 */
import { type Incarnation, type NodeId, sameBoot, sameIncarnation } from "../ids.ts";
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
  // Whoever left while the newest epoch was in force is known only to those who stayed longer. A
  // record of another proposer that has the node as a member speaks against it: two histories with
  // one number cannot both be true, and the node may have come back in the other.
  for (const record of records) {
    for (const departed of record.departed) {
      if (departed.epoch >= n && !isContradicted(record, departed.node, newest))
        merged.set(departed.node, departed);
    }
  }
  return sortedBy([...merged.values()]);
}

function isContradicted(record: EpochRecord, node: NodeId, newest: readonly EpochRecord[]): boolean {
  return newest.some(
    (other) =>
      other.proposer !== record.proposer &&
      byNode(other.members, node) !== undefined &&
      byNode(other.departed, node) === undefined,
  );
}

/**
 * The base ledger with what the disks know better, as long as no epoch was established in this
 * run: startup victims that nobody has touched and that a newer record knows as departed, go.
 */
export function withDurable(base: Ledger, hellos: ReadonlyMap<string, Hello>): Ledger {
  if (base.established) return base;
  const known: EpochRecord = { ...base.epoch, departed: base.departed };
  const epoch = newestEpoch([known, ...[...hellos.values()].map((hello) => hello.durable)]);
  const departed = epoch.n > 0 ? epoch.departed : base.departed;
  if (epoch.n <= base.epoch.n) return { ...base, epoch, departed };
  const victims = base.victims.filter(
    (v) => v.begun || v.cause !== "unknown since start" || byNode(departed, v.node) === undefined,
  );
  // A newer record names members that nobody has looked for, and who has left: look around anew.
  return { ...base, epoch, departed, victims, startup: "pending" };
}

/** A member of an epoch that a disk knows and the base has never heard of. */
export interface Forgotten {
  readonly node: NodeId;
  readonly incarnation: Incarnation;
}

/**
 * Members of newer epochs than the base's. The base may be old (an observer that lived on) or have
 * missed the last messages of a ring: whoever such an epoch let go may be writing, and the base does
 * not know it. One that left cleanly under that very record is not among them.
 */
export function forgottenMembers(base: Ledger, hellos: ReadonlyMap<string, Hello>): readonly Forgotten[] {
  if (!base.established) return [];
  const found = new Map<string, Forgotten>();
  for (const { durable } of hellos.values()) {
    if (durable.n <= base.epoch.n) continue;
    for (const { node, boot, start } of durable.members) {
      const incarnation = { boot, start };
      if (byNode(durable.departed, node) !== undefined || isKnown(base, node, incarnation)) continue;
      found.set(`${node} ${boot} ${start}`, { node, incarnation });
    }
  }
  return [...found.values()].sort(
    (a, b) => a.node - b.node || (a.incarnation.boot < b.incarnation.boot ? -1 : 1),
  );
}

/** As a member or suspect (a daemon may have been restarted), a victim, or closed. */
function isKnown(base: Ledger, node: NodeId, incarnation: Incarnation): boolean {
  const running = [byNode(base.members, node), byNode(base.suspects, node)?.incarnation];
  const ended = base.incidents
    .filter((incident) => incident.node === node)
    .map((incident) => incident.incarnation);
  return (
    running.some((known) => sameBoot(known, incarnation)) ||
    [byNode(base.victims, node)?.incarnation, ...ended].some((known) => sameIncarnation(known, incarnation))
  );
}
