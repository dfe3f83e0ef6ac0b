/**
 * Some cores in one ring for the core's own tests: what they multicast is put into one log, and
 * delivered to all in an order that the test chooses. No time, no disk, no faults: the simulator has those.
 */
import { bootState } from "./boot.ts";
import type { ClusterConfig } from "./config.ts";
import type { Effect } from "./effects.ts";
import { type NodeId, type ProcessRef, processKey } from "./ids.ts";
import type { Input } from "./inputs.ts";
import { EPOCH_NONE } from "./ledger.ts";
import type { Message } from "./messages.ts";
import type { State } from "./state.ts";
import { step } from "./step.ts";
import { configOf } from "./testing.ts";

export interface Sent {
  readonly from: ProcessRef;
  readonly message: Message;
}

export interface RingHarness {
  readonly states: Map<NodeId, State>;
  /** Sent and not yet delivered, in the order of sending. */
  readonly log: Sent[];
  /** Every effect of a node so far, messages excepted. */
  readonly effects: Map<NodeId, Effect[]>;
  feed(node: NodeId, input: Input): void;
  /** A view of these nodes (and strangers) on each of them, with quorum. */
  view(ringId: string, nodes: readonly NodeId[], strangers?: readonly ProcessRef[]): void;
  /** Delivers the message at this place of the log to everybody in the ring. */
  deliver(index?: number): void;
  /** Delivers everything, also what comes up meanwhile; answers disks at once. */
  settle(): void;
  tick(ms: number): void;
}

const MESSAGES_MAX = 2_000;

export function createRing(
  nodes: readonly NodeId[],
  config: ClusterConfig = configOf(nodes.length),
): RingHarness {
  const states = new Map<NodeId, State>();
  const effects = new Map<NodeId, Effect[]>();
  const log: Sent[] = [];
  let mono = 0;
  let previous: readonly ProcessRef[] = [];
  const now = () => ({ mono, wall: 1_000_000 + mono });
  const ref = (nodeId: NodeId): ProcessRef => ({ nodeId, processId: "1" });

  function take(node: NodeId, found: readonly Effect[]): void {
    for (const effect of found) {
      if (effect.type === "multicast") log.push({ from: ref(node), message: effect.message });
      else effects.get(node)?.push(effect);
    }
    for (const effect of found) {
      if (effect.type === "persist") {
        feed(node, { type: "persisted", n: effect.epoch.n, proposer: effect.epoch.proposer });
      }
    }
  }

  function feed(node: NodeId, input: Input): void {
    const state = states.get(node);
    if (state === undefined) return;
    const next = step(state, input, now());
    states.set(node, next.state);
    take(node, next.effects);
  }

  for (const node of nodes) {
    const boot = bootState(
      {
        nodeId: node,
        processId: "1",
        incarnation: { boot: `boot-${node}-1`, start: "start-1" },
        durable: { epoch: EPOCH_NONE, incidents: [], configs: [] },
        config,
        file: { version: config.version, digest: config.digest },
        holds: [config.digest],
        traits: [],
        join: true,
      },
      now(),
    );
    states.set(node, boot.state);
    effects.set(node, [...boot.effects]);
    feed(node, { type: "guard", inUse: [] });
  }

  const harness: RingHarness = {
    states,
    log,
    effects,
    feed,
    view(ringId, present, strangers = []) {
      const members = [...present.map(ref), ...strangers];
      const keys = new Set(members.map(processKey));
      const old = new Set(previous.map(processKey));
      const left = previous
        .filter((p) => !keys.has(processKey(p)))
        .map((p) => ({ ...p, reason: "node-down" as const }));
      const joined = members.filter((p) => !old.has(processKey(p)));
      previous = members;
      for (const node of present) feed(node, { type: "view", ringId, members, joined, left });
      const quorumVotes = Math.floor(nodes.length / 2) + 1;
      const quorate = present.length >= quorumVotes;
      for (const node of present) feed(node, { type: "quorum", ringId, quorate, quorumVotes, ownVotes: 1 });
    },
    deliver(index = 0) {
      const [sent] = log.splice(index, 1);
      if (sent === undefined) return;
      for (const node of states.keys()) {
        if (states.get(node)?.ring?.id === sent.message.ring) feed(node, { type: "deliver", ...sent });
      }
    },
    settle() {
      for (let count = 0; log.length > 0; count++) {
        if (count > MESSAGES_MAX) throw new Error(`no rest after ${MESSAGES_MAX} messages`);
        harness.deliver();
      }
    },
    tick(ms) {
      mono += ms;
      for (const node of states.keys()) feed(node, { type: "tick" });
    },
  };
  return harness;
}
