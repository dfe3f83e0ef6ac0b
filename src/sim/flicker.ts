/** A link that loses packets loses the token at times: its ring breaks, and forms again a little later. */
import type { NodeId } from "../core/ids.ts";
import type { Links } from "./links.ts";
import type { Queue } from "./queue.ts";
import type { Random } from "./random.ts";

export interface FlickerOptions {
  readonly queue: Queue;
  readonly random: Random;
  readonly links: Links;
  readonly changed: () => void;
}

/** Answers what to call when a link became lossy. It stops by itself when the link is well. */
export function createFlicker(options: FlickerOptions): (from: NodeId, to: NodeId) => void {
  const { queue, random, links, changed } = options;
  const going = new Set<string>();
  const plan = (from: NodeId, to: NodeId): void => {
    queue.at(queue.now() + random.int(500, 30_000), () => {
      if (!links.isLossy(from, to)) {
        going.delete(`${from}>${to}`);
        return;
      }
      links.cut(from, to);
      changed();
      queue.at(queue.now() + random.int(300, 4_000), () => {
        links.mend(from, to);
        changed();
      });
      plan(from, to);
    });
  };
  return (from, to) => {
    const key = `${from}>${to}`;
    if (!links.isLossy(from, to) || going.has(key)) return;
    going.add(key);
    plan(from, to);
  };
}
