/**
 * The shared disk. Whoever runs a workload while its gate is open writes to a region of its own, all
 * the time; a node whose machine is gone for good by the next epoch loses its regions to one that goes
 * on. No node asks this file whether it may: it writes what it believes is its own. Two that write to
 * one region destroy it, and that is I1 as users would notice it.
 */
import type { Millis, NodeId } from "../core/ids.ts";
import { broken } from "./judges/broken.ts";
import { bootNow } from "./judges/words.ts";
import type { Inside, SharedDisk, SimNode } from "./types.ts";

interface Region {
  readonly name: string;
  /** Since when this node believes that it is its own. */
  readonly sinceAt: Millis;
  /** It was taken from this node, of which a device said wrongly that it was off. */
  readonly misread?: NodeId;
}

interface Written {
  readonly by: NodeId;
  readonly at: Millis;
}

const isMisread = ({ misreadBy }: SimNode): boolean => misreadBy.size > 0;

export function createSharedDisk(world: () => Inside): SharedDisk {
  const last = new Map<string, Written>();
  /** By boot: a machine that was off knows nothing of what it ran before. */
  const believed = new Map<string, readonly Region[]>();
  let created = 0;

  function write(node: SimNode): void {
    if (!node.writing || !node.uses || node.excused || node.hung || node.power === "off") return;
    const at = world().queue.now();
    const regions = believed.get(bootNow(node)) ?? [{ name: `vm-${node.id}-${++created}`, sinceAt: at }];
    believed.set(bootNow(node), regions);
    for (const region of regions) {
      const other = last.get(region.name);
      if (other !== undefined && other.by !== node.id && other.at > region.sinceAt)
        accuse(node, region, other);
      last.set(region.name, { by: node.id, at });
    }
  }

  function accuse(node: SimNode, region: Region, other: Written): void {
    const writer = world().nodes.get(other.by);
    // A device said wrongly that this very boot was off, and its region was taken for that.
    const misread =
      isMisread(node) || (writer !== undefined && isMisread(writer)) || region.misread === other.by;
    if (writer?.excused === true || misread) return;
    broken("I1", `node ${node.id} writes to ${region.name}, to which node ${other.by} has written since`);
  }

  return {
    write,
    onEpoch(node, before, epoch) {
      if (before === undefined || !node.uses || before === epoch) return;
      const goesOn = epoch.members.filter((member) =>
        before.members.some((one) => one.node === member.node && one.boot === member.boot),
      );
      const heir = goesOn.find((member) => world().nodes.get(member.node)?.uses === true);
      if (heir?.node !== node.id) return;
      for (const gone of before.members) {
        if (epoch.members.some((one) => one.node === gone.node && one.boot === gone.boot)) continue;
        const sinceAt = world().queue.now();
        const loser = world().nodes.get(gone.node);
        // Its next boot is told by nobody that it was off, and the blame for this one stays all the same.
        const wrongly = loser !== undefined && bootNow(loser) === gone.boot && isMisread(loser);
        const misread = wrongly ? { misread: gone.node } : {};
        const taken = (believed.get(gone.boot) ?? []).map(({ name }) => ({ name, sinceAt, ...misread }));
        if (taken.length > 0) believed.set(bootNow(node), [...(believed.get(bootNow(node)) ?? []), ...taken]);
      }
      write(node);
    },
    forget: (node) => void believed.delete(bootNow(node)),
  };
}
