/** Who can hear whom, and how well: partitions, single directions that are cut, late or lossy. */
import type { Millis, NodeId } from "../core/ids.ts";
import type { Random } from "./random.ts";

/** Pause before a lost packet is sent again. */
const RETRANSMIT_MS: Millis = 40;
/** Packets lost in a row, at most: what is worse is a cut. */
const LOSSES_MAX = 20;

export interface Links {
  carries(from: NodeId, to: NodeId): boolean;
  /** What one packet takes beyond the usual; lost ones are sent again. */
  lag(from: NodeId, to: NodeId): Millis;
  /** One group or none: everybody hears everybody again, and at once. */
  split(groups: readonly (readonly NodeId[])[]): void;
  cut(from: NodeId, to: NodeId): void;
  /** Ends a single cut. */
  mend(from: NodeId, to: NodeId): void;
  /** `loss`: share of the packets, 0 to 1. */
  worsen(from: NodeId, to: NodeId, how: { readonly delayMs?: Millis; readonly loss?: number }): void;
  isLossy(from: NodeId, to: NodeId): boolean;
}

interface Quality {
  readonly delayMs: Millis;
  readonly loss: number;
}

export function createLinks(random: Random): Links {
  let groupOf = new Map<NodeId, number>();
  const cuts = new Set<string>();
  const bad = new Map<string, Quality>();
  return {
    carries(from, to) {
      if (from === to) return true;
      if (cuts.size > 0 && cuts.has(`${from}>${to}`)) return false;
      return groupOf.size === 0 || (groupOf.has(from) && groupOf.get(from) === groupOf.get(to));
    },
    lag(from, to) {
      const quality = bad.size === 0 ? undefined : bad.get(`${from}>${to}`);
      if (quality === undefined) return 0;
      let { delayMs } = quality;
      for (let losses = 0; losses < LOSSES_MAX && random.chance(quality.loss); losses++) {
        delayMs += RETRANSMIT_MS;
      }
      return delayMs;
    },
    split(groups) {
      groupOf = new Map();
      if (groups.length <= 1) {
        cuts.clear();
        bad.clear();
        return;
      }
      groups.forEach((group, index) => {
        for (const node of group) groupOf.set(node, index);
      });
    },
    cut: (from, to) => void cuts.add(`${from}>${to}`),
    mend: (from, to) => void cuts.delete(`${from}>${to}`),
    worsen(from, to, { delayMs = 0, loss = 0 }) {
      if (delayMs === 0 && loss === 0) bad.delete(`${from}>${to}`);
      else bad.set(`${from}>${to}`, { delayMs, loss });
    },
    isLossy: (from, to) => (bad.get(`${from}>${to}`)?.loss ?? 0) > 0,
  };
}
