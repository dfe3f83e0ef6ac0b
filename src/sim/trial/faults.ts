/** What can befall a configured cluster: one fault at a time, as data and as words. */
import type { ClusterConfig } from "../../core/config.ts";
import { nodeNameOf } from "../../core/config.ts";
import type { NodeId } from "../../core/ids.ts";
import { kindOfAgent } from "../known-agents.ts";
import type { World } from "../world.ts";
import { isUp } from "./sight.ts";

export type Fault =
  /** The machine stands still: nobody hears it, and what it had begun to write may still arrive. */
  | { readonly type: "silent"; readonly node: NodeId }
  /** No power, and none to be had: its own controller is dead with it. */
  | { readonly type: "dead"; readonly node: NodeId }
  /** These names are one device (equal addresses): none of them answers. */
  | { readonly type: "device"; readonly devices: readonly string[] }
  /** Nodes of different groups do not hear one another; they all reach the fence devices. */
  | { readonly type: "cut"; readonly groups: readonly (readonly NodeId[])[] }
  | { readonly type: "daemon"; readonly node: NodeId }
  /** The state directory hangs. */
  | { readonly type: "disk"; readonly node: NodeId }
  /** Nothing is wrong with it: a person has it cut off. Never played by itself. */
  | { readonly type: "fenced"; readonly node: NodeId };

/** Two names of one thing. Shape: device name → the name that stands for all with its address. */
export type DeviceAliases = ReadonlyMap<string, string>;

export function devicesOf(config: ClusterConfig): readonly string[] {
  const lines = config.nodes.flatMap((node) => node.methods.flatMap((method) => method.devices));
  return [...new Set(lines.map((use) => use.device))];
}

/** All names of the device that this name stands for. */
export function namesOfDevice(
  config: ClusterConfig,
  device: string,
  aliases: DeviceAliases,
): readonly string[] {
  const one = aliases.get(device) ?? device;
  return devicesOf(config).filter((name) => (aliases.get(name) ?? name) === one);
}

function controllersOf(config: ClusterConfig, node: NodeId): readonly string[] {
  const lines =
    config.nodes.find((one) => one.id === node)?.methods.flatMap((method) => method.devices) ?? [];
  return [
    ...new Set(lines.filter((use) => kindOfAgent(use.agent) === "controller").map((use) => use.device)),
  ];
}

/** Each node alone, and the cluster in halves: of four nodes every way to make two and two. */
function cutsOf(config: ClusterConfig): readonly Fault[] {
  const ids = config.nodes.map((node) => node.id);
  const [first, ...rest] = ids;
  const cut = (side: readonly NodeId[]): Fault => ({
    type: "cut",
    groups: [ids.filter((id) => !side.includes(id)), side],
  });
  if (ids.length === 2) return [cut(rest)];
  const alone = ids.length < 2 ? [] : ids.map((id) => cut([id]));
  if (ids.length < 4) return alone;
  const halves = ids.length > 4 ? [ids.slice(0, Math.ceil(ids.length / 2))] : rest.map((id) => [first, id]);
  return [...alone, ...halves.map((half) => cut(ids.filter((id) => !half.includes(id))))];
}

/** Every single fault. Shape: kind by kind, in the order of the file. */
export function singleFaults(config: ClusterConfig, aliases: DeviceAliases = new Map()): readonly Fault[] {
  const ids = config.nodes.map((node) => node.id);
  const devices = [...new Set(devicesOf(config).map((device) => aliases.get(device) ?? device))];
  return [
    ...ids.map((node): Fault => ({ type: "silent", node })),
    ...ids
      .filter((node) => controllersOf(config, node).length > 0)
      .map((node): Fault => ({ type: "dead", node })),
    ...devices.map((device): Fault => ({ type: "device", devices: namesOfDevice(config, device, aliases) })),
    ...cutsOf(config),
    ...ids.map((node): Fault => ({ type: "daemon", node })),
    ...ids.map((node): Fault => ({ type: "disk", node })),
  ];
}

function nodeOf(fault: Fault): NodeId | undefined {
  return fault.type === "device" || fault.type === "cut" ? undefined : fault.node;
}

/** Can both be at once, and is that more than one of them? */
function arePair(a: Fault, b: Fault): boolean {
  const node = nodeOf(a);
  return node === undefined || node !== nodeOf(b) || a.type === "disk" || b.type === "disk";
}

export function doubleFaults(singles: readonly Fault[]): readonly (readonly [Fault, Fault])[] {
  return singles.flatMap((a, index) =>
    singles.slice(index + 1).flatMap((b) => (arePair(a, b) ? [[a, b] as const] : [])),
  );
}

/** Nobody notices these by themselves: they are there before anything else happens. */
export function isLatent(fault: Fault): boolean {
  return fault.type === "device" || fault.type === "disk";
}

/** Two partitions at once: only nodes that no side separates hear one another. */
function refine(cuts: readonly (Fault & { type: "cut" })[]): readonly (readonly NodeId[])[] {
  const sides = new Map<string, NodeId[]>();
  for (const node of cuts.flatMap((cut) => cut.groups.flat())) {
    const key = cuts.map((cut) => cut.groups.findIndex((group) => group.includes(node))).join(",");
    const side = sides.get(key) ?? [];
    if (!side.includes(node)) sides.set(key, [...side, node]);
  }
  return [...sides.values()];
}

export function strike(world: World, faults: readonly Fault[]): void {
  const cuts = faults.filter((fault) => fault.type === "cut");
  if (cuts.length > 0) world.split(refine(cuts));
  for (const fault of faults) {
    if (fault.type === "silent") world.hang(fault.node);
    else if (fault.type === "daemon") world.killDaemon(fault.node);
    else if (fault.type === "disk") world.disk(fault.node, "frozen");
    else if (fault.type === "fenced") fenceByHand(world, fault.node);
    else if (fault.type === "device") {
      for (const device of fault.devices) world.deviceFault(device, { type: "hangs" });
    } else if (fault.type === "dead") {
      world.kill(fault.node);
      for (const device of controllersOf(world.config(), fault.node)) {
        world.deviceFault(device, { type: "hangs" });
      }
    }
  }
}

/** Asked for on the first other node that runs. */
function fenceByHand(world: World, node: NodeId): void {
  const asked = [...world.nodes.values()].find((one) => one.id !== node && isUp(one));
  if (asked !== undefined) world.request(asked.id, { type: "fence", node, by: "root" });
}

/** One fault in plain words, e.g. `tpve02 falls silent`. */
export function formatFault(config: ClusterConfig, fault: Fault): string {
  const name = (node: NodeId): string => nodeNameOf(config, node);
  switch (fault.type) {
    case "silent":
      return `${name(fault.node)} falls silent`;
    case "dead":
      return `${name(fault.node)} loses its power, and its controller with it`;
    case "device":
      return `fence device ${fault.devices.join(", ")} does not answer`;
    case "cut":
      return `the network breaks: ${fault.groups.map((group) => group.map(name).join(", ")).join(" | ")}`;
    case "daemon":
      return `bouncerd on ${name(fault.node)} dies and does not come back`;
    case "disk":
      return `the state directory of ${name(fault.node)} hangs`;
    case "fenced":
      return `a person has ${name(fault.node)} cut off`;
  }
}

/** Its subject alone, for tables that have the kind as their heading. */
export function subjectOf(config: ClusterConfig, fault: Fault): string {
  const name = (node: NodeId): string => nodeNameOf(config, node);
  if (fault.type === "device") return fault.devices.join("=");
  if (fault.type !== "cut") return name(fault.node);
  const sizes = fault.groups.map((group) => group.length);
  const alone = fault.groups.find((group) => group.length === 1 && Math.max(...sizes) > 1);
  return alone === undefined
    ? fault.groups.map((group) => group.map(name).join(" ")).join(" | ")
    : name(alone[0] as NodeId);
}
