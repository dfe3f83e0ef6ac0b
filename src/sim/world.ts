/**
 * A whole cluster in virtual time: the daemon's own core on every node, and a world that can do
 * to it whatever real ones do. Nothing here decides anything that the core decides in a daemon.
 */
import { bootState } from "../core/boot.ts";
import { nodeNameOf } from "../core/config.ts";
import { nextDeadline } from "../core/deadline.ts";
import type { Effect, Reply } from "../core/effects.ts";
import type { Millis, NodeId, Now } from "../core/ids.ts";
import type { Input, Request } from "../core/inputs.ts";
import { EPOCH_NONE } from "../core/ledger.ts";
import { step } from "../core/step.ts";
import { statusOf } from "../core/view/status.ts";
import type { StatusView } from "../core/view/types.ts";
import { answerOf } from "./devices.ts";
import { createGroup, type Group } from "./group.ts";
import { judge } from "./judges.ts";
import { createQueue, type Queue } from "./queue.ts";
import type { DeviceFault, SimNode, WorldOptions } from "./types.ts";

const WALL_START = 1_700_000_000_000;

export interface World {
  readonly nodes: ReadonlyMap<NodeId, SimNode>;
  readonly now: () => Millis;
  readonly run: (ms: Millis) => void;
  power(node: NodeId, state: "on" | "off"): void;
  hang(node: NodeId): void;
  resume(node: NodeId): void;
  killDaemon(node: NodeId): void;
  startDaemon(node: NodeId, options: { readonly join: boolean }): void;
  /** Nodes of different groups do not hear one another; one group heals all. */
  split(groups: readonly (readonly NodeId[])[]): void;
  deviceFault(device: string, fault: DeviceFault): void;
  disk(node: NodeId, state: "ok" | "frozen" | "full"): void;
  uses(node: NodeId, uses: boolean): void;
  setConfig(config: WorldOptions["config"]): void;
  request(node: NodeId, request: Request): void;
  /** A person is about to say that this node is off. If it is not, the judges blame the person. */
  excuse(node: NodeId): void;
  status(node: NodeId): StatusView | undefined;
}

export function createWorld(options: WorldOptions): World {
  const queue: Queue = createQueue();
  const { tokenMs = 1_000, latencyMs = 1, agentMs = 500, diskMs = 4, bootMs = 20_000, say } = options;
  let config = options.config;
  let groups: readonly (readonly NodeId[])[] = [];
  let requests = 0;
  const faults = new Map<string, DeviceFault>();
  const nodes = new Map<NodeId, SimNode>(config.nodes.map((node) => [node.id, createNode(node.id)]));

  function nodeOf(id: NodeId): SimNode {
    const node = nodes.get(id);
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node;
  }

  function connected(a: NodeId, b: NodeId): boolean {
    const [left, right] = [nodeOf(a), nodeOf(b)];
    if (left.power === "off" || right.power === "off") return false;
    if (a === b) return true;
    if (left.hung || right.hung) return false;
    return groups.length === 0 || groups.some((group) => group.includes(a) && group.includes(b));
  }

  const group: Group = createGroup({ queue, connected, tokenMs, latencyMs });

  function now(node: SimNode): Now {
    return { mono: queue.now(), wall: WALL_START + queue.now() + node.wallOffsetMs };
  }

  function feed(node: SimNode, start: number, input: Input): void {
    if (node.core === undefined || node.starts !== start || node.power === "off") return;
    if (node.hung) {
      node.backlog.push(() => feed(node, start, input));
      return;
    }
    const next = step(node.core, input, now(node));
    node.core = next.state;
    perform(node, start, next.effects);
    plan(node, start);
  }

  function plan(node: SimNode, start: number): void {
    node.cancelTick();
    const due = node.core === undefined ? undefined : nextDeadline(node.core);
    if (due !== undefined) node.cancelTick = queue.at(due, () => feed(node, start, { type: "tick" }));
  }

  function perform(node: SimNode, start: number, effects: readonly Effect[]): void {
    for (const effect of effects) {
      // A daemon may die between any two effects: then the rest never happens.
      if (node.core === undefined || node.starts !== start) return;
      performOne(node, start, effect);
      judge(nodes, queue.now());
    }
  }

  function performOne(node: SimNode, start: number, effect: Effect): void {
    switch (effect.type) {
      case "multicast":
        group.multicast({ nodeId: node.id, processId: node.processId }, effect.message);
        return;
      case "run-agent":
        runAgent(node, start, effect);
        return;
      case "freeze":
        node.writing = false;
        node.excused = false;
        return;
      case "thaw":
        node.writing = true;
        node.writingSince = effect.epoch;
        return;
      case "persist":
        onDisk(node, () => {
          if (node.disk.full)
            feed(node, start, {
              type: "persist-failed",
              n: effect.epoch.n,
              problem: "no space left on device",
            });
          else {
            node.disk.epoch = effect.epoch;
            feed(node, start, { type: "persisted", n: effect.epoch.n, proposer: effect.epoch.proposer });
          }
        });
        return;
      case "journal":
        onDisk(node, () => node.disk.incidents.push(...effect.incidents));
        return;
      case "journal-adopt":
        onDisk(node, () => {
          const first = effect.incidents[0]?.seq ?? 0;
          node.disk.incidents.splice(
            0,
            Number.POSITIVE_INFINITY,
            ...node.disk.incidents.filter((i) => i.seq < first),
            ...effect.incidents,
          );
        });
        return;
      case "reply":
        say(nodeNameOf(config, node.id), `reply ${formatReply(effect.reply)}`);
        return;
      case "log":
        if (effect.level !== "debug") say(nodeNameOf(config, node.id), effect.text);
        return;
      case "exit":
        say(nodeNameOf(config, node.id), `exits ${effect.code}: ${effect.why}`);
        killDaemon(node.id);
    }
  }

  function onDisk(node: SimNode, write: () => void): void {
    const boot = node.boots;
    const done = (): void => {
      if (node.boots !== boot || node.power === "off") return; // What was not synced is lost.
      if (node.disk.frozen) node.disk.waiting.push(done);
      else write();
    };
    queue.at(queue.now() + diskMs, done);
  }

  function runAgent(node: SimNode, start: number, effect: Extract<Effect, { type: "run-agent" }>): void {
    const about = config.nodes.find((one) => one.id === effect.node);
    const uses = effect.method === "unfence" ? about?.unfence : about?.methods[effect.method]?.devices;
    const use = uses?.[effect.device];
    if (about === undefined || use === undefined) {
      queue.at(queue.now(), () =>
        feed(node, start, {
          type: "agent-exit",
          opId: effect.opId,
          result: "failed",
          detail: "no such device",
          tookMs: 0,
        }),
      );
      return;
    }
    const target = nodeOf(effect.node);
    const fault = faults.get(use.device) ?? { type: "none" };
    const answer = answerOf({
      executor: node.id,
      target,
      node: about,
      device: use.device,
      action: effect.action,
      budgetMs: effect.budgetMs,
      agentMs,
      fault,
    });
    const boot = node.boots;
    queue.at(queue.now() + answer.afterMs, () => {
      if (node.power === "off" || node.boots !== boot) return; // The agent died with its node.
      if (answer.effect !== undefined && target.power !== answer.effect)
        power(target.id, answer.effect, use.device);
      feed(node, start, { type: "agent-exit", opId: effect.opId, tookMs: answer.afterMs, ...answer.exit() });
    });
  }

  function startDaemon(id: NodeId, start: { readonly join: boolean }): void {
    const node = nodeOf(id);
    if (node.power === "off" || node.core !== undefined) return;
    node.starts += 1;
    node.processId = String(1000 * id + node.starts);
    node.incarnation = { boot: `boot-${id}-${node.boots}`, start: `start-${node.starts}` };
    const begun = node.starts;
    const boot = bootState(
      {
        nodeId: id,
        processId: node.processId,
        incarnation: node.incarnation,
        durable: { epoch: node.disk.epoch, incidents: node.disk.incidents.slice(-256) },
        config,
        traits: [],
        join: start.join,
      },
      now(node),
    );
    node.core = boot.state;
    perform(node, begun, boot.effects);
    feed(node, begun, { type: "guard", inUse: inUse(node) });
    group.join({
      ref: { nodeId: id, processId: node.processId },
      onView: (view) => {
        feed(node, begun, { type: "view", ...view });
        feed(
          node,
          begun,
          quorumOf(
            node,
            view.ringId,
            view.members.map((m) => m.nodeId),
          ),
        );
      },
      onMessage: (from, message) => feed(node, begun, { type: "deliver", from, message }),
    });
  }

  /** A node uses storage from its boot on when its workload was told to; the gate decides on writes. */
  function inUse(node: SimNode): readonly string[] {
    return node.uses ? [`workload on ${nodeNameOf(config, node.id)}`] : [];
  }

  function quorumOf(node: SimNode, ringId: string, present: readonly NodeId[]): Input {
    const votesOf = (id: NodeId): number => config.nodes.find((one) => one.id === id)?.votes ?? 1;
    const expected = config.expectedVotes ?? config.nodes.reduce((sum, one) => sum + one.votes, 0);
    const needed = options.quorumVotes ?? (config.twoNode ? 1 : Math.floor(expected / 2) + 1);
    const votes = present.reduce((sum, id) => sum + votesOf(id), 0);
    // Corosync's two_node implies wait_for_all: a node that booted alone waits for the other.
    if (config.nodes.every((one) => present.includes(one.id))) node.sawAll = true;
    return {
      type: "quorum",
      ringId,
      quorate: votes >= needed && (!config.twoNode || node.sawAll),
      quorumVotes: needed,
      ownVotes: votesOf(node.id),
    };
  }

  function killDaemon(id: NodeId): void {
    const node = nodeOf(id);
    if (node.core === undefined) return;
    node.core = undefined;
    node.writing = false; // Whoever asks the daemon gets no answer and stops.
    node.cancelTick();
    group.died({ nodeId: id, processId: node.processId });
  }

  function power(id: NodeId, state: "on" | "off", by?: string): void {
    const node = nodeOf(id);
    if (node.power === state) return;
    say("hw", `${nodeNameOf(config, id)} power ${state}${by === undefined ? "" : ` (${by})`}`);
    node.power = state;
    node.hung = false;
    node.backlog.length = 0;
    node.writing = false;
    node.excused = false;
    node.uses = false;
    node.core = undefined;
    node.cancelTick();
    group.changed();
    if (state === "off") return;
    node.boots += 1;
    node.sawAll = false;
    const boot = node.boots;
    queue.at(queue.now() + bootMs, () => {
      if (node.boots === boot) startDaemon(id, { join: true });
    });
  }

  return {
    nodes,
    now: queue.now,
    run: (ms) => queue.runUntil(queue.now() + ms),
    power: (id, state) => power(id, state),
    hang(id) {
      nodeOf(id).hung = true;
      group.changed();
    },
    resume(id) {
      const node = nodeOf(id);
      node.hung = false;
      group.changed();
      for (const input of node.backlog.splice(0)) input();
      if (node.core !== undefined) feed(node, node.starts, { type: "tick" });
    },
    killDaemon,
    startDaemon,
    split(next) {
      groups = next.length <= 1 ? [] : next;
      group.changed();
    },
    deviceFault: (device, fault) => void faults.set(device, fault),
    disk(id, state) {
      const { disk } = nodeOf(id);
      disk.frozen = state === "frozen";
      disk.full = state === "full";
      if (!disk.frozen) for (const write of disk.waiting.splice(0)) write();
    },
    uses(id, uses) {
      const node = nodeOf(id);
      node.uses = uses;
      feed(node, node.starts, { type: "guard", inUse: inUse(node) });
    },
    setConfig(next) {
      config = next;
      for (const node of nodes.values()) feed(node, node.starts, { type: "config", config, traits: [] });
    },
    excuse(id) {
      const node = nodeOf(id);
      if (node.power === "off" || !node.writing) return;
      node.excused = true;
      say("hw", `${nodeNameOf(config, id)} is on and writes: the person was wrong`);
    },
    request: (id, request) =>
      feed(nodeOf(id), nodeOf(id).starts, { type: "request", id: `r${++requests}`, request }),
    status: (id) => {
      const node = nodeOf(id);
      return node.core === undefined ? undefined : statusOf(node.core, now(node));
    },
  };
}

function createNode(id: NodeId): SimNode {
  return {
    id,
    power: "off",
    boots: 0,
    hung: false,
    core: undefined,
    starts: 0,
    incarnation: undefined,
    processId: "",
    writing: false,
    writingSince: 0,
    uses: false,
    sawAll: false,
    excused: false,
    disk: { epoch: EPOCH_NONE, incidents: [], frozen: false, full: false, waiting: [] },
    backlog: [],
    cancelTick: () => {},
    wallOffsetMs: 0,
  };
}

function formatReply(reply: Reply): string {
  if (!reply.ok) return `error ${reply.error}: ${reply.detail}`;
  const { result } = reply;
  switch (result.type) {
    case "fenced":
    case "unfenced":
      return `${result.type} ${result.outcome}`;
    case "acknowledged":
      return `acknowledged, victims left: ${result.victimsLeft.length}`;
    case "checked":
      return `checked ${result.devices.map((d) => `${d.deviceName}=${d.power}`).join(" ")}`;
    default:
      return result.type;
  }
}
