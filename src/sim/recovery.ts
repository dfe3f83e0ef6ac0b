/** The end of a ring, and who forms the next one. Source: extended virtual synchrony, Totem. */
import type { NodeId } from "../core/ids.ts";

import type { Random } from "./random.ts";
import type { EngineNode, Entry, Ring } from "./ring.ts";

/** Groups in which everybody hears everybody, taken greedily in the given order. */
export function cliques(
  order: readonly NodeId[],
  hearBoth: (a: NodeId, b: NodeId) => boolean,
): readonly (readonly NodeId[])[] {
  const taken = new Set<NodeId>();
  const result: NodeId[][] = [];
  for (const node of order) {
    if (taken.has(node)) continue;
    const clique = [node];
    taken.add(node);
    for (const other of order) {
      if (taken.has(other) || !clique.every((one) => hearBoth(one, other))) continue;
      clique.push(other);
      taken.add(other);
    }
    result.push(clique);
  }
  return result;
}

/**
 * What those who go on together still deliver of their old ring, beyond what any of them has
 * delivered. Their own messages are never lost; those of the others may be, one by one, and
 * messages behind such a hole are delivered all the same.
 */
export function recover(
  ring: Ring,
  together: readonly EngineNode[],
  hole: number,
  random: Random,
): readonly Entry[] {
  const from = Math.max(...together.map((engine) => engine.delivered));
  const own = new Set(together.map((engine) => engine.id));
  return ring.log.slice(from).filter((entry) => own.has(entry.node) || !random.chance(hole));
}
