/** I2, I5 and I6 at the way to an open gate: proposals, disks, and who is let in. */
import type { Input } from "../../core/inputs.ts";
import type { EpochRecord } from "../../core/ledger.ts";
import type { Body } from "../../core/messages.ts";
import type { State } from "../../core/state.ts";
import type { Inside, Judges, SimNode } from "../types.ts";
import { broken } from "./broken.ts";
import { isSameRun, itemOf } from "./words.ts";

export function createEpochJudge(world: () => Inside): Partial<Judges> {
  /** Who left in the ring that a node is in, and did not come back since. */
  const left = new Map<number, { readonly ring: string; readonly nodes: Set<number> }>();

  /** Its number is above that of every disk present, or two histories could meet. */
  function needHighest(node: SimNode, core: State, epoch: EpochRecord): void {
    // Nobody hears whoever wakes up in a ring that is over, and its disk is asked again in the next one.
    if (world().group.viewOf(node.id) !== core.ring?.id) return;
    for (const key of core.ring?.hellos.keys() ?? []) {
      const other = world().nodes.get(Number(key.slice(0, key.indexOf("/"))));
      if (other === undefined || other.disk.epoch.n < epoch.n) continue;
      // Likewise whoever wakes up before its engine has noticed: the others are in another ring by now.
      if (world().group.viewOf(other.id) !== core.ring?.id) continue;
      broken(
        "I6",
        `node ${node.id} proposes epoch ${epoch.n}, and the disk of node ${other.id} holds ${other.disk.epoch.n}`,
      );
    }
  }

  function needDeparted(node: SimNode, core: State, epoch: EpochRecord): void {
    const known = left.get(node.id);
    if (known === undefined || known.ring !== core.ring?.id) return;
    for (const gone of known.nodes) {
      if (itemOf(epoch.members, gone) !== undefined || itemOf(epoch.departed, gone) !== undefined) continue;
      broken("I5", `node ${node.id} forgets in epoch ${epoch.n} that node ${gone} left in order`);
    }
  }

  /** Whoever says that its disk has it must have it there. */
  function needOnDisk(node: SimNode, body: Extract<Body, { type: "persisted" }>): void {
    const { epoch } = node.disk;
    if (epoch.n === body.n && epoch.proposer === body.proposer) return;
    broken("I6", `node ${node.id} says that epoch ${body.n} is on its disk, which holds ${epoch.n}`);
  }

  function onStep(node: SimNode, before: State, input: Input): void {
    const { core } = node;
    if (core === undefined) return;
    if (core.gate.open && !before.gate.open && core.ledger.epoch === before.ledger.epoch) {
      broken("I2", `node ${node.id} opens its gate although no epoch was established`);
    }
    const proposal = core.ring?.proposal;
    const isNew =
      proposal !== undefined && before.ring?.proposal !== proposal && proposal.persistedBy.size === 0;
    if (isNew && proposal.purpose === "members") {
      const open = core.ledger.victims.length + core.ledger.suspects.length;
      if (open > 0) broken("I2", `node ${node.id} takes epoch ${proposal.epoch.n} with ${open} open victims`);
    }
    if (core.ring?.phase === "synced" && before.ring?.phase !== "synced") needClean(node, core);
    if (input.type === "deliver") noteLeave(node, before, core, input);
  }

  function noteLeave(node: SimNode, before: State, core: State, input: Input & { type: "deliver" }): void {
    const ring = core.ring?.id ?? "";
    const known = left.get(node.id);
    const { from, message } = input;
    if (message.body.type === "leave" && itemOf(before.ledger.members, from.nodeId) !== undefined) {
      if (itemOf(core.ledger.members, from.nodeId) !== undefined) return;
      if (known?.ring === ring) known.nodes.add(from.nodeId);
      else left.set(node.id, { ring, nodes: new Set([from.nodeId]) });
    } else if (known !== undefined && core.ledger.members !== before.ledger.members) {
      for (const { node: back } of core.ledger.members) known.nodes.delete(back);
    }
  }

  /** Whoever uses the storage and is not known is not let in as one that uses nothing. */
  function needClean(node: SimNode, core: State): void {
    for (const [key, role] of core.ring?.roles ?? []) {
      const hello = core.ring?.hellos.get(key);
      if (role !== "newcomer" || hello === undefined || hello.clean) continue;
      broken("I1", `node ${node.id} lets ${key} in, which did not say that it uses nothing`);
    }
  }

  /** A word that goes out must not be contradicted by what its sender itself hears and has read. */
  function needUncontradicted(node: SimNode, core: State, body: Extract<Body, { type: "ack" }>): void {
    const victim = itemOf(core.ledger.victims, body.node);
    if (victim === undefined || body.insists) return;
    for (const [key, hello] of core.ring?.hellos ?? []) {
      if (!key.startsWith(`${body.node}/`) || core.ring?.muted.includes(key) === true) continue;
      if (!isSameRun(hello.incarnation, victim.incarnation)) continue;
      broken("I2", `node ${node.id} passes on that node ${body.node} is off, and hears it`);
    }
  }

  return {
    onStep,
    onSend(node, { body }) {
      const { core } = node;
      if (core === undefined) return;
      if (body.type === "propose") {
        needHighest(node, core, body.epoch);
        needDeparted(node, core, body.epoch);
      } else if (body.type === "persisted") needOnDisk(node, body);
      else if (body.type === "ack") needUncontradicted(node, core, body);
    },
    patrol() {
      for (const node of world().list) {
        if (!node.writing || node.engine || node.core === undefined || node.hung || node.paused) continue;
        broken("I1", `node ${node.id} writes on although its group engine is gone`);
      }
    },
  };
}
