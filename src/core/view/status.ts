/** One snapshot for people and programs. Source of its shape: view/types.ts. */
import { nodeNameOf } from "../config.ts";
import { usesOf } from "../domain/hello.ts";
import type { Now } from "../ids.ts";
import type { State } from "../state.ts";
import { byNode, nodeOfKey } from "../turn.ts";
import { domainOf } from "./domain.ts";
import { nodeViews, strangers, victimViews } from "./nodes.ts";
import type { StatusView } from "./types.ts";
import { formatDuration, verdictOf } from "./verdict.ts";
import { whyHeld } from "./why.ts";

export function statusOf(state: State, now: Now): StatusView {
  const { config, ledger, ring } = state;
  const why = whyHeld(state);
  return {
    cluster: config.name,
    node: nodeNameOf(config, state.nodeId),
    nodeId: state.nodeId,
    at: now.wall,
    verdict: verdictOf(state, why, now),
    joined: byNode(ledger.members, state.nodeId) !== undefined,
    gate: state.gate.open ? "open" : "frozen",
    gateSince: state.gate.since,
    epoch: ledger.epoch.n,
    synced: ring?.phase === "synced",
    quorate: state.quorum?.quorate === true && ring?.quorate === true,
    expelled: state.outside?.role === "stray",
    master: ring?.master === undefined ? 0 : nodeOfKey(ring.master),
    configVersion: config.version,
    evidenceDemand: config.fenceDaemon.evidence,
    nodes: nodeViews(state),
    victims: victimViews(state, (mono) => now.wall + (mono - now.mono)),
    why,
    inUse: usesOf(state) ?? [],
    ...(ledger.locks.count === 0
      ? {}
      : { locks: { count: ledger.locks.count, waiting: ledger.locks.waiting } }),
    warnings: warningsOf(state, now),
    domain: domainOf(state),
  };
}

/** Not right, but stops nothing. */
function warningsOf(state: State, now: Now): readonly string[] {
  const { config } = state;
  const warnings: string[] = [];
  const inForce = state.ledger.epoch.config;
  if (inForce.digest !== "" && inForce.digest !== config.digest) {
    warnings.push(
      `configuration version ${inForce.version} is in force; this node cannot read it and goes by version ${config.version}`,
    );
  }
  const { confirm } = state.desk;
  const back = inForce.confirm?.back.version;
  if (confirm !== undefined && back !== undefined) {
    const left = formatDuration(Math.max(0, confirm.at - now.mono));
    warnings.push(
      `configuration version ${inForce.version} goes back to version ${back} in ${left} unless it is confirmed: bouncer config confirm`,
    );
  }
  if (state.diskProblem !== undefined)
    warnings.push(`the state directory refuses to be written: ${state.diskProblem.text}`);
  for (const node of config.nodes) {
    if (node.methods.length === 0)
      warnings.push(`${node.name} has no fence method: its loss freezes storage until a person acts`);
  }
  for (const trait of state.traits) {
    if (!trait.installed) warnings.push(`the fence agent ${trait.agent} is not installed on this node`);
  }
  return [...warnings, ...strangers(state)];
}
