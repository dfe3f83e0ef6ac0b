/** What cannot change while the cluster runs, each with the way that it can be changed all the same. */
import { type ClusterConfig, nodeById } from "../config.ts";
import type { NodeId } from "../ids.ts";
import type { Ledger } from "../ledger.ts";

/** Everybody who may be writing: whoever fences it must know its name and its devices. */
function involved(ledger: Ledger): readonly NodeId[] {
  const nodes = [...ledger.epoch.members, ...ledger.members, ...ledger.victims, ...ledger.suspects];
  return [...new Set(nodes.map((one) => one.node))].sort((a, b) => a - b);
}

/** Sentences, each one about a change that must be refused; empty: it may be activated. */
export function fixedProblems(
  before: ClusterConfig,
  after: ClusterConfig,
  ledger: Ledger,
): readonly string[] {
  const problems: string[] = [];
  if (after.name !== before.name) {
    problems.push(
      `the cluster's name cannot change while it runs ("${before.name}" became "${after.name}"): stop the whole cluster for it`,
    );
  }
  if (after.twoNode !== before.twoNode) {
    problems.push(
      `two_node cannot change while the cluster runs (${word(before)} became ${word(after)}): stop the whole cluster for it`,
    );
  }
  for (const id of involved(ledger)) {
    const old = nodeById(before, id);
    if (old === undefined) continue;
    const same = nodeById(after, id);
    if (same?.name === old.name) continue;
    const renumbered = after.nodes.find((node) => node.name === old.name);
    if (renumbered !== undefined) {
      problems.push(
        `the id of ${old.name} cannot change while it is a member (${id} became ${renumbered.id}): let it leave first`,
      );
    } else if (same === undefined) {
      problems.push(`${old.name} is a member and cannot be removed: let it leave first`);
    } else {
      problems.push(
        `the name of node ${id} cannot change while it is a member ("${old.name}" became "${same.name}")`,
      );
    }
  }
  return problems;
}

function word(config: ClusterConfig): string {
  return config.twoNode ? "1" : "0";
}
