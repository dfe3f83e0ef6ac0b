/**
 * What Debian's fence agents say of themselves, for a simulation that cannot ask them. Source: the
 * metadata of the fence-agents package; of its agents these are the ones that differ from the rest.
 */
import type { AgentTraits, ClusterConfig } from "../core/config.ts";

/**
 * `controller`: sits in the machine that it switches, and is dead when that machine has no power.
 * `fabric`: cuts off from the storage, not from power. `power`: switches from outside.
 */
export type AgentKind = "controller" | "fabric" | "power";

const FABRIC: ReadonlySet<string> = new Set([
  "fence_brocade",
  "fence_cisco_mds",
  "fence_ifmib",
  "fence_mpath",
  "fence_sanbox2",
  "fence_scsi",
]);

/** Of these the ones that take a node's keys from the disks. */
const RESERVATIONS: ReadonlySet<string> = new Set(["fence_mpath", "fence_scsi"]);

/** Besides `fence_ilo…` and `fence_drac…`, of which there are many. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  "fence_amt",
  "fence_amt_ws",
  "fence_bouncer_demo",
  "fence_idrac",
  "fence_imm",
  "fence_ipmilan",
  "fence_ipmilanplus",
  "fence_redfish",
  "fence_rsa",
  "fence_rsb",
]);

function baseName(agent: string): string {
  return agent.slice(agent.lastIndexOf("/") + 1);
}

export function kindOfAgent(agent: string): AgentKind {
  const name = baseName(agent);
  if (FABRIC.has(name)) return "fabric";
  const inside = CONTROLLERS.has(name) || (/^fence_(ilo|drac)/.test(name) && name !== "fence_ilo_moonshot");
  return inside ? "controller" : "power";
}

const BASE = ["metadata", "monitor", "validate-all"];
const ALL = [...BASE, "off", "on", "reboot", "status"];

const DIFFERENT: ReadonlyMap<string, Pick<AgentTraits, "actions" | "defaultAction">> = new Map([
  ["fence_compute", { actions: [...BASE, "off", "on", "status"], defaultAction: "off" }],
  ["fence_kdump", { actions: [...BASE, "off"], defaultAction: "off" }],
  ["fence_rcd_serial", { actions: [...BASE, "reboot"], defaultAction: "reboot" }],
]);

function traitsOfAgent(agent: string): AgentTraits {
  const different = DIFFERENT.get(baseName(agent));
  if (different !== undefined) return { agent, installed: true, ...different };
  const fabric = kindOfAgent(agent) === "fabric";
  return {
    agent,
    installed: true,
    actions: fabric ? ALL.filter((action) => action !== "reboot") : ALL,
    defaultAction: fabric ? "off" : "reboot",
    ...(RESERVATIONS.has(baseName(agent)) ? { cuts: "storage" } : {}),
  };
}

/** One entry for each agent that the configuration names. */
export function assumedTraits(config: ClusterConfig): readonly AgentTraits[] {
  const lines = config.nodes.flatMap((node) => [
    ...node.methods.flatMap((method) => method.devices),
    ...node.unfence,
  ]);
  return [...new Set(lines.map((use) => use.agent))].map(traitsOfAgent);
}
