/**
 * Whose ledger counts after a view change. Computed from the hellos alone, so that everybody finds
 * the same answer, also those who lack a ledger. Source: docs/protocol.md, "A view change" 3.
 */
import type { Hello } from "../messages.ts";
import { nodeOfKey } from "../turn.ts";

export interface Authority {
  /** Process keys, sorted by node id. Never empty when there is a hello. */
  readonly keys: readonly string[];
  /** False: nobody holds a ledger of this run; the disks tell (a cold start). */
  readonly live: boolean;
}

export type Hellos = ReadonlyMap<string, Hello>;

/** Processes that were synced together last and never parted since hold equal ledgers. */
function lineage(hello: Hello): string {
  return `${hello.previousRing}|${hello.movedWith.join(",")}`;
}

function byNodeId(a: string, b: string): number {
  return nodeOfKey(a) - nodeOfKey(b) || (a < b ? -1 : 1);
}

/** Of several groups, the one with more votes; then the one with the lowest node id. */
function strongest(groups: readonly (readonly string[])[], hellos: Hellos): readonly string[] {
  const votes = (keys: readonly string[]): number =>
    keys.reduce((sum, key) => sum + (hellos.get(key)?.votes ?? 0), 0);
  const sorted = [...groups].sort((a, b) => votes(b) - votes(a) || byNodeId(a[0] as string, b[0] as string));
  return sorted[0] ?? [];
}

/** A rank that is compared element by element, greater first. */
function rank(hello: Hello): readonly number[] {
  return hello.live
    ? [1, hello.expelled ? 0 : 1, hello.establishedEpoch, 0]
    : [0, 0, hello.durable.n, hello.incidentSeq];
}

function compareRank(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function chooseAuthority(hellos: Hellos): Authority {
  const keys = [...hellos.keys()].sort(byNodeId);
  const rankOf = (key: string): readonly number[] => rank(hellos.get(key) as Hello);
  let best: string[] = [];
  for (const key of keys) {
    const order = best[0] === undefined ? 1 : compareRank(rankOf(key), rankOf(best[0]));
    if (order > 0) best = [key];
    else if (order === 0) best.push(key);
  }
  const live = best[0] !== undefined && (hellos.get(best[0]) as Hello).live;
  if (!live) return { keys: best.slice(0, 1), live: false };
  const group = strongest(
    [...Map.groupBy(best, (key) => lineage(hellos.get(key) as Hello)).values()],
    hellos,
  );
  return { keys: group, live: true };
}

/**
 * Processes whose ledger differs from that of the majority of those that came the same way. They
 * have a bug. Shape: process keys; of two equal halves the one without the lowest node id.
 */
export function diverged(hellos: Hellos): readonly string[] {
  const live = [...hellos.keys()].sort(byNodeId).filter((key) => hellos.get(key)?.live === true);
  const wrong: string[] = [];
  for (const group of Map.groupBy(live, (key) => lineage(hellos.get(key) as Hello)).values()) {
    const digests = [...Map.groupBy(group, (key) => (hellos.get(key) as Hello).digest).values()];
    const largest = Math.max(...digests.map((keys) => keys.length));
    const right = digests.find((keys) => keys.length === largest);
    for (const key of group) if (right?.includes(key) !== true) wrong.push(key);
  }
  return wrong;
}
