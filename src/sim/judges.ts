/**
 * The promises, looked at from outside: ground truth (power, open gates, disks), never what a core
 * believes. A promise that does not hold throws a `BrokenPromise`.
 */
import { type NodeId, processKey } from "../core/ids.ts";
import type { Input } from "../core/inputs.ts";
import type { EpochRecord, Incident } from "../core/ledger.ts";
import type { Message } from "../core/messages.ts";
import type { State } from "../core/state.ts";
import { selfKey } from "../core/turn.ts";
import { whyHeld } from "../core/view/why.ts";
import { broken } from "./judges/broken.ts";
import { createConfigJudge } from "./judges/configs.ts";
import { createCounterfactualJudge } from "./judges/counterfactuals.ts";
import { createEpochJudge } from "./judges/epochs.ts";
import { judgeHistory } from "./judges/history.ts";
import { needNoLockers, needOwners } from "./judges/locks.ts";
import { createProofJudge } from "./judges/proofs.ts";
import { createShotJudge } from "./judges/shots.ts";
import { bootNow, isEnough, isSameRun, itemOf } from "./judges/words.ts";
import type { Inside, Judges, SimNode } from "./types.ts";

export function createJudges(world: () => Inside): Judges {
  /** Votes of the disks that hold a proposal, by `n/proposer/members`. */
  const durable = new Map<string, Set<NodeId>>();
  const opened = new Map<number, string>();
  const closed = new Set<string>();
  const configs = createConfigJudge(world);
  const counterfactuals = createCounterfactualJudge(world);
  let overlap = true;
  const others = [createEpochJudge(world), createProofJudge(world), createShotJudge(world)];
  const identity = (epoch: EpochRecord): string =>
    `${epoch.n}/${epoch.proposer}/${epoch.members.map((m) => `${m.node}:${m.boot}:${m.start}`).join(",")}`;

  function onOpen(node: SimNode, n: number): void {
    const inside = world();
    const { core } = node;
    if (core === undefined) return;
    const { epoch } = core.ledger;
    const at = inside.queue.now();
    if (epoch.n !== n || !isSameRun(itemOf(epoch.members, node.id), node.incarnation)) {
      broken("I2", `node ${node.id} opens at ${at} ms without being in epoch ${n}`);
    }
    const other = opened.get(n);
    needQuorumOnDisk(inside, node, epoch);
    if (other !== undefined && other !== identity(epoch) && overlap) {
      broken("I6", `two epochs ${n}: ${other} and ${identity(epoch)}`);
    }
    opened.set(n, identity(epoch));
    if (core.ledger.victims.length + core.ledger.suspects.length > 0) {
      broken("I2", `node ${node.id} opens with open victims`);
    }
    if (!node.writing) inside.options.onGate?.(node.id, "open");
    node.writing = true;
    const before = node.held;
    node.held = epoch;
    node.holder = node.incarnation;
    inside.shared.onEpoch(node, before, epoch);
    compareHolders(inside, node);
    needProof(inside, node, core, epoch);
    needOwners(core, node.id);
  }

  /** Votes of disks that make an epoch true, by the votequorum of whoever needs fewest in the ring. */
  function votesNeeded(inside: Inside, node: SimNode): number {
    const ring = inside.group.ringOf(node.id).flatMap((id) => inside.nodes.get(id)?.told ?? []);
    const told = [...ring, inside.quorum.answer(node)];
    return Math.min(...told.map((one) => Math.max(1, one.quorumVotes - (one.deviceVotes ?? 0))));
  }

  function needQuorumOnDisk(inside: Inside, node: SimNode, epoch: EpochRecord): void {
    const holders = durable.get(identity(epoch)) ?? new Set<NodeId>();
    const votesOf = (id: NodeId): number => inside.config.nodes.find((one) => one.id === id)?.votes ?? 1;
    const votes = [...holders].reduce((sum, id) => sum + votesOf(id), 0);
    const needed = votesNeeded(inside, node);
    // Two quorums that share no disk: their numbers may meet.
    if (2 * needed <= inside.config.nodes.reduce((sum, one) => sum + one.votes, 0)) overlap = false;
    if (votes < needed) {
      broken(
        "I6",
        `node ${node.id} opens in epoch ${epoch.n}, which is on disks with ${votes} of ${needed} votes`,
      );
    }
  }

  /** Whatever it does since somebody said wrongly that it is off. */
  const isExcused = (node: SimNode): boolean => node.excused || node.lockExcused;

  /** Everybody whose gate is open must be known to whoever holds the newer epoch. */
  function compareHolders(inside: Inside, node: SimNode): void {
    if (!node.writing || isExcused(node) || node.held === undefined) return;
    for (const other of inside.list) {
      if (other === node || !other.writing || isExcused(other) || other.held === undefined) continue;
      if (node.held.n >= other.held.n) needKnown(inside, node, other);
      if (other.held.n >= node.held.n) needKnown(inside, other, node);
    }
  }

  function needKnown(inside: Inside, newer: SimNode, older: SimNode): void {
    const known = itemOf(newer.held?.members ?? [], older.id);
    if (isSameRun(known, older.holder)) return;
    // Each was proven off to the other by a device that misread: no software can see through both.
    if (newer.misreadBy.size > 0 && older.misreadBy.size > 0) return;
    if (maySurpass(newer, older)) return;
    broken(
      "I1",
      `at ${inside.queue.now()} ms node ${newer.id} writes in epoch ${newer.held?.n} without node ${older.id}, which writes in epoch ${older.held?.n}`,
    );
  }

  /**
   * A person lowered the expected votes and one went on alone. The others came to a majority without having
   * heard of it, and believed of that one that it had left in order: their disks overlap no such quorum.
   */
  function maySurpass(newer: SimNode, older: SimNode): boolean {
    const { config, options } = world();
    const lowered = !overlap && !config.twoNode && (options.deviceVotes ?? 0) === 0;
    return lowered && itemOf(newer.held?.departed ?? [], older.id) !== undefined;
  }

  /** Who was let go before and still runs must be in, or be gone with proof. */
  function needProof(inside: Inside, node: SimNode, core: State, epoch: EpochRecord): void {
    for (const other of inside.list) {
      if (other === node || other.power === "off" || other.held === undefined || other.excused) continue;
      if (other.held.n > epoch.n || itemOf(other.held.members, other.id)?.boot !== bootNow(other)) continue;
      const member = itemOf(epoch.members, other.id);
      if (member?.boot === bootNow(other)) continue;
      if (itemOf(core.ledger.departed, other.id) !== undefined) continue;
      const proof = core.ledger.incidents.some(
        (incident) =>
          incident.node === other.id &&
          (incident.incarnation === undefined || incident.incarnation.boot === bootNow(other)) &&
          (incident.how === "reunited" ||
            incident.evidence.some((item) => isEnough(item.grade, core.config.fenceDaemon.evidence))),
      );
      const hello = [...(core.ring?.hellos ?? [])].find(([key]) => Number(key.split("/")[0]) === other.id);
      const returned = hello?.[1].clean === true && hello[1].incarnation.boot === bootNow(other);
      if (!proof && !returned && other.writing) {
        broken("I2", `node ${node.id} opens in epoch ${epoch.n} without a proof for node ${other.id}`);
      }
    }
  }

  /** Tells which decisions were made, for those who count them. */
  function tellRules(core: State, before: State): void {
    const reached = world().options.reached;
    if (reached === undefined) return;
    if (core.ring !== before.ring && core.ring?.phase === "synced" && before.ring?.phase !== "synced") {
      for (const role of core.ring.roles.values()) reached(`role ${role}`);
    }
    if (core.ledger.victims !== before.ledger.victims) {
      for (const victim of core.ledger.victims) reached(`cause ${victim.cause}`);
    }
    if (core.ledger.incidents !== before.ledger.incidents) {
      const last = core.ledger.incidents.at(-1);
      if (last !== undefined) reached(`done ${last.how}`);
    }
    if (!core.gate.open && core.gate !== before.gate) {
      for (const cause of whyHeld(core)) reached(`why ${cause.code}`);
    }
  }

  function onStep(node: SimNode, before: State, input: Input): void {
    const { core } = node;
    if (core === undefined) return;
    tellRules(core, before);
    configs.onStep(node, before, input);
    if (node.writing && core.ledger.epoch !== before.ledger.epoch) {
      const old = node.held;
      node.held = core.ledger.epoch;
      node.holder = node.incarnation;
      world().shared.onEpoch(node, old, node.held);
      compareHolders(world(), node);
    }
    if (core.gate.open && node.told?.quorate === false && node.told.ringId === core.ring?.id) {
      broken("I6", `node ${node.id} goes on writing without a quorum`);
    }
    if (core.gate.open !== node.writing) {
      broken("I2", `node ${node.id} believes its gate ${core.gate.open ? "open" : "shut"}; it is not`);
    }
    for (const judge of others) judge.onStep?.(node, before, input);
    if (core.gate !== before.gate && !core.gate.open && whyHeld(core).length === 0) {
      broken("I8", `node ${node.id} is held and cannot say why: ${core.gate.because.join("; ")}`);
    }
  }

  function onClosed(node: SimNode, incidents: readonly Incident[]): void {
    const inside = world();
    for (const judge of others) judge.onClosed?.(node, incidents);
    for (const incident of incidents) {
      if (closed.has(incident.hash)) continue; // The others hear of it later.
      closed.add(incident.hash);
      const target = inside.nodes.get(incident.node);
      if (target !== undefined) needNoLockers(world(), node, target, incident);
      if (target === undefined || target.power === "off" || !target.writing || target.excused) continue;
      if (incident.how === "override" || incident.how === "reunited") continue;
      const boot = incident.incarnation?.boot ?? target.holder?.boot;
      if (boot !== `boot-${target.id}-${target.boots}`) continue;
      const misread = (source: string): boolean =>
        [...target.misreadBy].some((device) => source.includes(device));
      const graded = incident.evidence.some((item) => "ABC".includes(item.grade) && !misread(item.source));
      if (graded) {
        broken(
          "I3",
          `at ${inside.queue.now()} ms node ${node.id} closes incident ${incident.seq} of node ${incident.node}, which still writes: ${incident.evidence.map((e) => e.source).join("; ")}`,
        );
      }
    }
  }

  /** A ring speaks what everybody in it understands. */
  function needUnderstood(node: SimNode, { ring, protocol = 1 }: Message): void {
    if (protocol === 1) return;
    for (const other of world().list) {
      const { core } = other;
      if (core === undefined || core.ring?.id !== ring || core.protocol.max >= protocol) continue;
      // Left out before, at a point of the order that it comes to first, and ends there.
      if (node.core?.ring?.muted.includes(selfKey(core))) continue;
      broken("I9", `node ${node.id} speaks protocol ${protocol}, which node ${other.id} does not understand`);
    }
  }

  function onSend(node: SimNode, message: Message): void {
    const { ring, body } = message;
    for (const judge of others) judge.onSend?.(node, message);
    needUnderstood(node, message);
    if (body.type !== "fence-start" && body.type !== "propose") return;
    if (body.type === "fence-start" && body.by !== undefined) return; // A person asked for it.
    if (node.told?.ringId === ring && node.told.quorate) return;
    broken("I6", `node ${node.id} sends ${body.type} without a quorum`);
  }

  function onAgent(executor: SimNode, target: SimNode, action: string): void {
    const { core } = executor;
    if (core?.ring?.phase !== "synced" || ["status", "monitor", "on"].includes(action)) return;
    const wanted =
      itemOf(core.ledger.victims, target.id)?.requestedBy ??
      itemOf(core.ledger.shots, target.id)?.requestedBy;
    if (wanted !== undefined) return;
    // Where a return is no proof, who returned is switched off all the same.
    if (!isEnough("C", core.config.fenceDaemon.evidence)) return;
    for (const [key, hello] of core.ring.hellos) {
      if (!key.startsWith(`${target.id}/`) || !hello.clean) continue;
      const role = core.ring.roles.get(key);
      if (role === "stray" || role === "refused" || role === "unproven") continue;
      if (!core.ring.members.some((member) => processKey(member) === key)) continue;
      if (core.ring.muted.includes(key)) continue;
      broken("I5", `node ${executor.id} shoots at node ${target.id}, which is present and clean (${role})`);
    }
  }

  function onExit(node: SimNode, code: number, why: string): void {
    world().options.reached?.(`exit ${code}`);
    if (code !== 75) broken("I9", `node ${node.id} exits ${code}: ${why}`);
  }

  return {
    onOpen,
    onShut(node) {
      world().shared.write(node);
      if (node.writing) world().options.onGate?.(node.id, "held");
      node.writing = false;
      node.excused = false;
    },
    onStep,
    onClosed,
    onSend,
    onAgent,
    onActivated: configs.onActivated,
    onDurable(node, epoch) {
      configs.onDurable(node, epoch);
      const key = identity(epoch);
      const holders = durable.get(key) ?? new Set();
      durable.set(key, holders.add(node.id));
      for (const judge of others) judge.onDurable?.(node, epoch);
    },
    onExit,
    onFalseWord(node) {
      if (node.power === "off") return;
      node.lockExcused = true;
      if (!node.writing) return;
      node.excused = true;
      world().say("hw", `n${node.id} is on and writes: the person was wrong`);
    },
    onFalseReading(node, device) {
      node.misreadBy.add(device);
      if (node.power === "off") return;
      node.lockExcused = true;
      if (!node.writing) return;
      node.excused = true;
    },
    patrol() {
      const inside = world();
      for (const node of inside.list) inside.shared.write(node);
      for (const judge of others) judge.patrol?.();
      for (const node of inside.list) {
        if (node.core === undefined) continue;
        const causes = whyHeld(node.core);
        for (const cause of causes) inside.options.reached?.(`why ${cause.code}`);
        if (causes.length === 0 && !node.core.gate.open) {
          broken("I8", `node ${node.id} is held and cannot say why`);
        }
        counterfactuals(node, node.core, causes);
      }
    },
    history() {
      judgeHistory(world());
      configs.healed();
    },
    onTold(told) {
      for (const judge of others) judge.onTold?.(told);
    },
  };
}
