/** Who is up, who writes, who sees most: ground truth of a trial. */
import type { SimNode } from "../types.ts";
import type { World } from "../world.ts";

/** Runs a daemon and can be asked. */
export function isUp(node: SimNode): boolean {
  return node.power === "on" && !node.hung && node.core !== undefined;
}

/** Machines that are up and whose storage is let go. */
export function writersOf(world: World): readonly SimNode[] {
  return [...world.nodes.values()].filter((node) => isUp(node) && node.writing);
}

/** The one to ask: up, and with the largest part of the cluster in view. */
export function viewerOf(world: World): SimNode | undefined {
  const sight = ({ core }: SimNode): number => new Set(core?.ring?.members.map((one) => one.nodeId)).size;
  return [...world.nodes.values()].filter(isUp).sort((a, b) => sight(b) - sight(a) || a.id - b.id)[0];
}
