/** What people see of each node. */
import { nodeNameOf } from "../config.ts";
import { type NodeId, processKey } from "../ids.ts";
import type { Hello } from "../messages.ts";
import type { State } from "../state.ts";
import { byNode, isPresent, nodeOfKey } from "../turn.ts";
import type { NodeView, VictimView } from "./types.ts";

/** Every configured node, and whoever else was heard of. Sorted by id. */
export function knownNodes(state: State): readonly NodeId[] {
  const { config, ledger, ring } = state;
  const ids = new Set<NodeId>(config.nodes.map((node) => node.id));
  for (const member of ledger.members) ids.add(member.node);
  for (const victim of ledger.victims) ids.add(victim.node);
  for (const key of ring?.hellos.keys() ?? []) ids.add(nodeOfKey(key));
  return [...ids].sort((a, b) => a - b);
}

function stateOf(state: State, node: NodeId): NodeView["state"] {
  const { ledger, ring } = state;
  const role = [...(ring?.roles ?? [])].find(([key]) => nodeOfKey(key) === node)?.[1];
  const present = isPresent(state, node);
  if (byNode(ledger.victims, node) !== undefined) return role === "stray" && present ? "expelled" : "victim";
  if (byNode(ledger.suspects, node) !== undefined) return "suspect";
  if (byNode(ledger.members, node) !== undefined) {
    const inEpoch = ledger.established && byNode(ledger.epoch.members, node) !== undefined;
    return inEpoch || !present ? "member" : "joining";
  }
  if (!present) return byNode(ledger.departed, node) === undefined ? "absent" : "departed";
  return role === "refused" || role === "unproven" ? "refused" : "observer";
}

/** What is in force is in force on everybody; before that, what each began with. */
function versionOf({ ledger }: State, hello: Hello): number {
  return ledger.established ? ledger.epoch.config.version : hello.configVersion;
}

export function nodeViews(state: State): readonly NodeView[] {
  const { ledger, ring, config } = state;
  return knownNodes(state).map((id) => {
    const member = byNode(ledger.members, id);
    const hello = [...(ring?.hellos ?? [])].find(([key]) => nodeOfKey(key) === id)?.[1];
    const incarnation = hello?.incarnation ?? (member && { boot: member.boot, start: member.start });
    const last = [...ledger.incidents].reverse().find((incident) => incident.node === id);
    return {
      id,
      name: nodeNameOf(config, id),
      state: stateOf(state, id),
      present: isPresent(state, id),
      master: ring?.master !== undefined && nodeOfKey(ring.master) === id,
      methods: config.nodes.find((node) => node.id === id)?.methods.map((method) => method.name) ?? [],
      ...(incarnation === undefined ? {} : { incarnation }),
      ...(hello === undefined ? {} : { configVersion: versionOf(state, hello) }),
      ...(last === undefined
        ? {}
        : { lastFenced: { how: last.how, at: last.doneAt, executor: last.executor ?? 0, seq: last.seq } }),
    };
  });
}

export function victimViews(state: State, wallOf: (mono: number) => number): readonly VictimView[] {
  const { ledger, config, watch } = state;
  return ledger.victims.map((victim) => {
    const due =
      victim.stage === "fencing"
        ? undefined
        : (watch.retryAt.get(victim.node) ?? watch.holds.get(victim.node)?.until);
    return {
      id: victim.node,
      name: nodeNameOf(config, victim.node),
      cause: victim.cause,
      stage: victim.stage,
      reason: victim.reason,
      ...(victim.firstSeenAt === undefined ? {} : { firstSeenAt: victim.firstSeenAt }),
      attempt: victim.attempts,
      rounds: victim.rounds,
      ...(victim.executor === undefined ? {} : { executor: nodeNameOf(config, victim.executor) }),
      ...(victim.doing === undefined ? {} : { doing: victim.doing }),
      ...(due === undefined || !Number.isFinite(due) ? {} : { nextAt: wallOf(due) }),
      steps: victim.steps,
      evidence: victim.evidence,
    };
  });
}

/** Processes in the group that take no part: strangers, the silent, other protocols. */
export function strangers(state: State): readonly string[] {
  const members = new Set(state.ring?.members.map(processKey) ?? []);
  return [...state.garbage]
    .filter(([key]) => members.has(key))
    .map(
      ([key, problem]) =>
        `process ${key.split("/")[1]} on ${nodeNameOf(state.config, nodeOfKey(key))} ${problem}`,
    );
}
