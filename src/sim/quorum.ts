/**
 * Votequorum of the simulated world: counts nodes, whether their daemons run or not, and knows
 * two_node, wait_for_all, expected votes that a person lowered, and a quorum device, which gives its
 * votes to one partition at most. Source: votequorum(5), corosync-qdevice(8), algorithm ffsplit.
 */
import type { NodeId } from "../core/ids.ts";
import type { Inside, SimNode, SimQuorum } from "./types.ts";

export function createQuorum(inside: Inside): SimQuorum {
  const deviceVotes = inside.options.deviceVotes ?? 0;
  let up = true;
  let blind: ReadonlySet<NodeId> = new Set();
  /** Nodes of the partition that has the device's votes. */
  let holders: readonly NodeId[] = [];

  const votesOf = (id: NodeId): number => inside.config.nodes.find((one) => one.id === id)?.votes ?? 1;
  const sum = (ids: readonly NodeId[]): number => ids.reduce((total, id) => total + votesOf(id), 0);

  function reaches(node: SimNode): boolean {
    return up && node.power === "on" && node.engine && !node.hung && !blind.has(node.id);
  }

  /** The largest partition that reaches it; of equal ones, the one that goes on from the holders. */
  function chooseHolders(): readonly NodeId[] {
    const rings = new Map<string, readonly NodeId[]>();
    for (const node of inside.list) {
      if (!reaches(node)) continue;
      const ring = inside.group.ringOf(node.id);
      rings.set(ring.join(), ring);
    }
    const goesOn = (ring: readonly NodeId[]): number => (ring.includes(holders[0] ?? 0) ? 1 : 0);
    const sorted = [...rings.values()].sort(
      (a, b) => b.length - a.length || goesOn(b) - goesOn(a) || (a[0] ?? 0) - (b[0] ?? 0),
    );
    return sorted[0] ?? [];
  }

  /** Whoever expects most decides. */
  function expectedBy(ring: readonly NodeId[]): number {
    const { config } = inside;
    const configured = (config.expectedVotes ?? sum(config.nodes.map((one) => one.id))) + deviceVotes;
    const said = ring.map((id) => inside.nodes.get(id)?.expected ?? configured);
    return Math.max(sum(ring), ...said);
  }

  return {
    answer(node) {
      const { config, options } = inside;
      const ring = inside.group.ringOf(node.id);
      // More votes than expected are expected from then on.
      if (node.expected !== undefined) node.expected = Math.max(node.expected, sum(ring));
      if (deviceVotes > 0) holders = chooseHolders();
      const device = deviceVotes > 0 && holders.includes(node.id) && reaches(node) ? deviceVotes : 0;
      const usual = config.twoNode ? 1 : Math.floor(expectedBy(ring) / 2) + 1;
      const quorumVotes = options.quorumVotes ?? usual;
      // A node that booted waits until all were there at once, or until it meets one that did not wait.
      const all = config.nodes.every((one) => ring.includes(one.id));
      if (all || ring.some((id) => inside.nodes.get(id)?.sawAll === true)) node.sawAll = true;
      const waits = (config.twoNode || options.waitForAll === true) && !node.sawAll;
      const quorate = node.forcedQuorum ?? (sum(ring) + device >= quorumVotes && !waits);
      const told = { quorate, quorumVotes, ownVotes: votesOf(node.id) };
      return deviceVotes > 0 ? { ...told, deviceVotes: device } : told;
    },
    expect(ring, votes) {
      const present = sum(ring);
      // Corosync refuses less than there is: two halves of what is there could both go on.
      if (votes !== undefined && votes < present) return;
      for (const id of ring) {
        const node = inside.nodes.get(id);
        if (node !== undefined) node.expected = votes ?? present;
      }
    },
    setDevice(state) {
      up = state !== "down";
      blind = new Set(typeof state === "string" ? [] : state.blind);
    },
  };
}
