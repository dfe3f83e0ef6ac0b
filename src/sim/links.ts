/** Who can hear whom: partitions, and single directions that are cut. */
import type { NodeId } from "../core/ids.ts";

export interface Links {
  carries(from: NodeId, to: NodeId): boolean;
  /** One group or none: everybody hears everybody again, cut directions too. */
  split(groups: readonly (readonly NodeId[])[]): void;
  cut(from: NodeId, to: NodeId): void;
}

export function createLinks(): Links {
  let groupOf = new Map<NodeId, number>();
  const cuts = new Set<string>();
  return {
    carries(from, to) {
      if (from === to) return true;
      if (cuts.size > 0 && cuts.has(`${from}>${to}`)) return false;
      return groupOf.size === 0 || (groupOf.has(from) && groupOf.get(from) === groupOf.get(to));
    },
    split(groups) {
      groupOf = new Map();
      if (groups.length <= 1) {
        cuts.clear();
        return;
      }
      groups.forEach((group, index) => {
        for (const node of group) groupOf.set(node, index);
      });
    },
    cut: (from, to) => void cuts.add(`${from}>${to}`),
  };
}
