/** Two configurations compared by what they mean: comments, layout and order of attributes are nothing. */
import type { ClusterConfig } from "../../core/config.ts";
import type { ParsedConfig } from "../model.ts";
import type { AgentParameters } from "../parameters.ts";
import { type Change, type Changes, createChanges } from "./change.ts";
import { diffDevices } from "./diff-devices.ts";
import { diffNodes } from "./diff-nodes.ts";
import { diffWaits } from "./diff-waits.ts";

/** A configuration without errors. */
export type UsableConfig = ParsedConfig & {
  readonly config: ClusterConfig;
  readonly parameters: AgentParameters;
};

export function isUsable(parsed: ParsedConfig): parsed is UsableConfig {
  return parsed.config !== undefined && parsed.parameters !== undefined;
}

/** Shape: by subject, in the order of the file; empty when both mean the same. */
export function diffConfigs(before: UsableConfig, after: UsableConfig): readonly Change[] {
  const changes = createChanges();
  diffCluster(before, after, changes);
  diffNodes(before.config, after.config, changes);
  diffDevices(before.parameters, after.parameters, changes);
  diffWaits(before.config.fenceDaemon, after.config.fenceDaemon, changes);
  diffOthers(before, after, changes);
  return changes.all();
}

const CLUSTER = { type: "cluster" } as const;
const OTHER = { type: "other" } as const;

function diffCluster(before: UsableConfig, after: UsableConfig, changes: Changes): void {
  const [a, b] = [before.config, after.config];
  if (a.name !== b.name) {
    const effect = "that is another cluster: stop all members first";
    changes.add(CLUSTER, "frozen", `the cluster is called ${b.name} instead of ${a.name}`, effect);
  }
  if (a.version > b.version) {
    const effect = "it must grow: an older file must not win";
    changes.add(CLUSTER, "watch", `version ${b.version} is older than ${a.version}`, effect);
  } else if (a.version === b.version && a.digest !== b.digest) {
    const effect = "raise config_version: nobody notices a file with the old number";
    changes.add(CLUSTER, "watch", `both files are version ${a.version}, and they differ`, effect);
  }
  if (a.twoNode !== b.twoNode) {
    const text = b.twoNode ? "two_node is on: one of two may go on alone" : "two_node is off";
    changes.add(CLUSTER, "frozen", text, "Corosync has to be restarted on all members");
  }
  if (a.expectedVotes !== b.expectedVotes) {
    const text = `expected_votes is ${b.expectedVotes ?? "the sum of all votes"}, it was ${a.expectedVotes ?? "the sum of all votes"}`;
    changes.add(CLUSTER, "plain", text, "Corosync counts by its own file");
  }
  if (before.keyfile !== after.keyfile) {
    const text = `Corosync's key is ${after.keyfile ?? "not named"}, it was ${before.keyfile ?? "not named"}`;
    changes.add(CLUSTER, "watch", text, "members with different keys do not hear one another");
  }
}

function diffOthers(before: UsableConfig, after: UsableConfig, changes: Changes): void {
  const names = [...new Set([...Object.keys(before.totem), ...Object.keys(after.totem)])];
  for (const name of names) {
    const [a, b] = [before.totem[name], after.totem[name]];
    if (a === b || name === "keyfile") continue;
    const text = `totem ${name} is ${b ?? "not given"}, it was ${a ?? "not given"}`;
    changes.add(OTHER, "plain", text, "Corosync's own file decides: bouncer corosync-conf --diff");
  }
  if (JSON.stringify(before.logging) !== JSON.stringify(after.logging)) {
    changes.add(OTHER, "plain", "the settings of logging change");
  }
  for (const name of after.foreign.filter((one) => !before.foreign.includes(one))) {
    changes.add(OTHER, "plain", `<${name}> is new; it is kept and not looked at`);
  }
  for (const name of before.foreign.filter((one) => !after.foreign.includes(one))) {
    changes.add(OTHER, "plain", `<${name}> is gone; it was not looked at`);
  }
}
