/** The daemons of the world: what runner, ports and systemd do on a real node. */

import { bootState } from "../core/boot.ts";
import { nodeNameOf } from "../core/config.ts";
import { nextDeadline } from "../core/deadline.ts";
import type { Effect, Reply } from "../core/effects.ts";
import type { NodeId, ProcessRef } from "../core/ids.ts";
import type { Input } from "../core/inputs.ts";
import type { Message } from "../core/messages.ts";
import { step } from "../core/step.ts";
import { runAgent } from "./agents.ts";
import { firstConfig, makeConfig, readConfig, weighConfig } from "./configs.ts";
import { SIM_TRAITS } from "./devices.ts";
import { onDeath, persistEpoch, writeConfigs, writeIncidents } from "./disk.ts";
import { formatReply } from "./format.ts";
import type { Inside, SimNode } from "./types.ts";

/** Incidents that a daemon reads from its journal at start. */
const INCIDENTS_READ = 256;
/** systemd's pause before it starts a service again. */
const RESTART_MS = 1_000;
/** Steps of one core in one virtual second. More: it feeds itself. */
const STEPS_PER_SECOND_MAX = 5_000;

export interface Daemons {
  feed(node: SimNode, start: number, input: Input): void;
  start(id: NodeId, options: { readonly join: boolean }): void;
  kill(id: NodeId): void;
  /** The process is no more, without anybody noticing by itself. */
  gone(node: SimNode, what: "daemon" | "machine"): void;
  /** The engine is there (again): the daemon enters the group. */
  enter(node: SimNode): void;
  /** The daemon runs again after it stood still. */
  catchUp(node: SimNode): void;
  tellQuorum(node: SimNode): void;
}

/** A node uses storage as long as its workload does; the gate decides on writes. */
export function guardAnswer(inside: Inside, node: SimNode): readonly string[] {
  return node.uses ? [`workload on ${nodeNameOf(inside.config, node.id)}`] : [];
}

export function createDaemons(inside: Inside): Daemons {
  const { queue, judges, hostility, random, group } = inside;
  const nameOf = (node: SimNode): string => nodeNameOf(inside.config, node.id);

  function feed(node: SimNode, start: number, input: Input): void {
    if (node.core === undefined || node.starts !== start || node.power === "off") return;
    if (input.type === "deliver" && input.message.body.type === "document")
      node.texts.add(input.message.body.digest);
    if (node.hung || node.paused) {
      if (input.type !== "tick") node.backlog.push(input);
      return;
    }
    countSteps(node);
    if (input.type === "quorum") node.told = input;
    const before = node.core;
    const next = step(before, input, inside.now(node));
    node.core = next.state;
    if (next.effects.length > 0) perform(node, start, next.effects);
    if (node.core === undefined || node.starts !== start) return;
    judges.onStep(node, before, input);
    plan(node, start);
  }

  function countSteps(node: SimNode): void {
    const second = Math.floor(queue.now() / 1_000);
    if (second !== node.busySecond) {
      node.busySecond = second;
      node.busySteps = 0;
    }
    node.busySteps++;
    if (node.busySteps > STEPS_PER_SECOND_MAX) {
      throw new Error(`busy: node ${node.id} took ${STEPS_PER_SECOND_MAX} steps in one second`);
    }
  }

  function plan(node: SimNode, start: number): void {
    const due = node.core === undefined ? undefined : nextDeadline(node.core);
    if (due === node.tickAt) return;
    node.cancelTick();
    node.tickAt = due;
    if (due === undefined) return;
    node.cancelTick = queue.at(due, () => {
      node.tickAt = undefined;
      feed(node, start, { type: "tick" });
    });
  }

  function perform(node: SimNode, start: number, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (node.core === undefined || node.starts !== start) return;
      if (node.doom !== undefined && node.doom-- <= 0) {
        node.doom = undefined;
        inside.say("hw", `${nameOf(node)} kills its daemon in the middle of its work`);
        kill(node.id);
        return; // The rest never happens.
      }
      performOne(node, start, effect);
    }
  }

  function performOne(node: SimNode, start: number, effect: Effect): void {
    switch (effect.type) {
      case "multicast":
        judges.onSend(node, effect.message);
        group.multicast({ nodeId: node.id, processId: node.processId }, effect.message);
        return;
      case "run-agent":
        return runAgent(inside, node, start, effect);
      case "freeze":
        judges.onShut(node);
        return askGuards(node, start);
      case "thaw":
        return judges.onOpen(node, effect.epoch);
      case "persist":
        return persistEpoch(inside, node, start, effect);
      case "journal":
        judges.onClosed(node, effect.incidents);
        return writeIncidents(inside, node, { type: "append", incidents: effect.incidents });
      case "journal-adopt":
        return writeIncidents(inside, node, { type: "adopt", incidents: effect.incidents });
      case "journal-configs":
        return writeConfigs(inside, node, effect.configs);
      case "read-config":
        return readConfig(inside, node, start, effect.digest);
      case "weigh-config":
        return weighConfig(inside, node, start, effect.digest);
      case "make-config":
        return makeConfig(inside, node, start, effect);
      case "lock-events":
        return inside.lockers.onEvents(node, effect.events);
      case "reply":
        return onReply(node, effect.reply);
      case "log":
        inside.options.reached?.(effect.code);
        if (effect.level !== "debug") inside.say(nameOf(node), effect.text, effect.code);
        return;
      case "exit":
        inside.say(nameOf(node), `exits ${effect.code}: ${effect.why}`);
        judges.onExit(node, effect.code, effect.why);
        kill(node.id);
        if (inside.options.restarts === "yes") {
          const { boots } = node;
          queue.at(queue.now() + RESTART_MS, () => {
            if (node.boots === boots) begin(node.id, { join: true });
          });
        }
    }
  }

  function onReply(node: SimNode, reply: Reply): void {
    inside.options.reached?.(reply.ok ? `reply ${reply.result.type}` : `reply ${reply.error}`);
    inside.say(nameOf(node), `reply ${formatReply(reply)}`);
    if (reply.ok && reply.result.type === "activated")
      judges.onActivated(node, reply.result.version, reply.result.digest);
  }

  function begin(id: NodeId, options: { readonly join: boolean }): void {
    const node = inside.nodes.get(id);
    if (node === undefined || node.power === "off" || node.core !== undefined) return;
    node.starts += 1;
    node.processId = String(1000 * id + node.starts);
    node.incarnation = { boot: `boot-${id}-${node.boots}`, start: `start-${node.starts}` };
    node.paused = false;
    node.backlog = [];
    const start = node.starts;
    node.texts = new Set([...node.disk.texts, node.file.digest]);
    const boot = bootState(
      {
        nodeId: id,
        processId: node.processId,
        incarnation: node.incarnation,
        durable: {
          epoch: node.disk.epoch,
          incidents: node.disk.incidents.slice(-INCIDENTS_READ),
          configs: node.disk.configs,
        },
        config: firstConfig(inside, node),
        file: { version: node.file.version, digest: node.file.digest },
        holds: [...node.texts],
        traits: inside.options.traits ?? SIM_TRAITS,
        join: options.join,
        held: inside.lockers.claims(node),
        protocol: node.protocol,
      },
      inside.now(node),
    );
    node.core = boot.state;
    perform(node, start, boot.effects);
    askGuards(node, start);
    enter(node);
    inside.lockers.onDaemonStart(node);
  }

  /** As the runner does at the start and after every freeze: the answer comes when it comes. */
  function askGuards(node: SimNode, start: number): void {
    const lag = hostility.guardLagMs === 0 ? 0 : random.int(0, hostility.guardLagMs);
    queue.at(queue.now() + lag, () => feed(node, start, { type: "guard", inUse: guardAnswer(inside, node) }));
  }

  function enter(node: SimNode): void {
    if (node.core === undefined || !node.engine) return;
    const start = node.starts;
    group.join({
      ref: { nodeId: node.id, processId: node.processId },
      onView(view) {
        feed(node, start, { type: "view", ...view });
        const lag = hostility.quorumLagMs === 0 ? 0 : random.int(0, hostility.quorumLagMs);
        if (lag === 0) tellQuorum(node);
        else queue.at(queue.now() + lag, () => tellQuorum(node));
      },
      onMessage: (from, message) => feed(node, start, read(node, from, message)),
    });
  }

  /** Bytes of a protocol that this daemon does not know are none of its messages. */
  function read(node: SimNode, from: ProcessRef, message: Message): Input {
    const { min, max } = node.core?.protocol ?? node.protocol;
    const { protocol = min } = message;
    if (protocol <= max) return { type: "deliver", from, message };
    return { type: "garbage", from, problem: `speaks protocol ${protocol}` };
  }

  /** What votequorum says of the ring: it counts nodes, whether their daemons run or not. */
  function tellQuorum(node: SimNode): void {
    const ringId = group.viewOf(node.id);
    if (ringId === undefined || node.core === undefined) return;
    feed(node, node.starts, { type: "quorum", ringId, ...inside.quorum.answer(node) });
  }

  function gone(node: SimNode, what: "daemon" | "machine"): void {
    node.core = undefined;
    node.told = undefined;
    onDeath(inside, node, what);
    node.paused = false;
    node.backlog = [];
    node.doom = undefined;
    node.cancelTick();
    node.tickAt = undefined;
  }

  function kill(id: NodeId): void {
    const node = inside.nodes.get(id);
    if (node?.core === undefined) return;
    gone(node, "daemon");
    inside.lockers.onDaemonGone(node);
    group.died({ nodeId: id, processId: node.processId });
  }

  return {
    feed,
    start: begin,
    kill,
    gone,
    enter,
    tellQuorum,
    catchUp(node) {
      const { starts } = node;
      // Timers and what waited race; a core must not care.
      const late = random.chance(0.5);
      if (!late) feed(node, starts, { type: "tick" });
      const waiting = node.backlog;
      node.backlog = [];
      for (const input of waiting) feed(node, starts, input);
      if (late) feed(node, starts, { type: "tick" });
    },
  };
}
