/** Pacemaker's CIB: stonith primitives, host lists and maps, levels and delays. Source: Pacemaker Explained. */
import { createProblems } from "../problem.ts";
import { childOf, childrenOf, textOf } from "../values.ts";
import { type Element, readXml } from "../xml.ts";
import {
  allOff,
  type ImportedDevice,
  type ImportedLine,
  type ImportedNode,
  type ImportResult,
  isFabric,
} from "./imported.ts";

interface Stonith extends ImportedDevice {
  /** `pcmk_…` and meta attributes, which are Pacemaker's own. */
  readonly own: ReadonlyMap<string, string>;
}

type Notes = string[];

export function importPacemaker(source: string | Uint8Array): ImportResult {
  const problems = createProblems();
  const root = readXml(source, problems);
  if (root === undefined) {
    const [first] = problems.all();
    return { ok: false, line: first?.line ?? 0, problem: first?.what ?? "it is no XML" };
  }
  const configuration = root.name === "configuration" ? root : childOf(root, "configuration");
  if (configuration === undefined) {
    return {
      ok: false,
      line: root.place.line,
      problem: "there is no <configuration>: cibadmin --query prints one",
    };
  }
  const notes: Notes = [];
  const properties = propertiesOf(childOf(configuration, "crm_config"));
  const devices = stonithsOf(childOf(configuration, "resources"), notes);
  const nodes = nodesOf(childOf(configuration, "nodes"), notes);
  const levels = levelsOf(childOf(configuration, "fencing-topology"), nodes, notes);
  const stayOff = properties.get("stonith-action") === "off";
  const imported = nodes.map(({ name, id }): ImportedNode => {
    const own = levels.get(name) ?? devices.filter((one) => reaches(one, name)).map((one) => [one.name]);
    const known = own.map((names) => names.filter((one) => devices.some((device) => device.name === one)));
    const methods = known
      .filter((names) => names.length > 0)
      .map((names) => methodOf(names, name, devices, stayOff));
    const unfence = devices
      .filter((one) => isFabric(one.agent) && known.some((names) => names.includes(one.name)))
      .map(
        (one): ImportedLine => ({ device: one.name, parameters: [...plugOf(one, name), ["action", "on"]] }),
      );
    return { name, ...(id === undefined ? {} : { id }), methods, unfence };
  });
  notes.push(...propertyNotes(properties), ...devices.flatMap(deviceNotes), ...otherNotes(configuration));
  const clusterName = properties.get("cluster-name");
  return {
    ok: true,
    imported: {
      ...(clusterName === undefined ? {} : { name: clusterName }),
      nodes: imported,
      devices: devices.map(({ name, agent, parameters }) => ({ name, agent, parameters })),
      waits: [],
      notes,
    },
  };
}

function pairsOf(parent: Element | undefined, set: string): ReadonlyMap<string, string> {
  const pairs = childrenOf(parent, set).flatMap((one) => childrenOf(one, "nvpair"));
  return new Map(pairs.map((pair) => [textOf(pair, "name") ?? "", textOf(pair, "value") ?? ""]));
}

function propertiesOf(crmConfig: Element | undefined): ReadonlyMap<string, string> {
  return pairsOf(crmConfig, "cluster_property_set");
}

/** Anywhere among the resources: groups and clones as well. Depth is bounded: it was read with limits. */
function stonithsOf(resources: Element | undefined, notes: Notes): readonly Stonith[] {
  const found: Stonith[] = [];
  const visit = (element: Element): void => {
    if (element.name === "primitive" && textOf(element, "class") === "stonith") {
      const stonith = stonithOf(element, notes);
      if (stonith !== undefined) found.push(stonith);
    }
    element.children.forEach(visit);
  };
  if (resources !== undefined) visit(resources);
  // Without levels the higher priority goes first.
  const priority = ({ own }: Stonith): number => Number(own.get("priority") ?? 0) || 0;
  return found.toSorted((a, b) => priority(b) - priority(a));
}

function stonithOf(element: Element, notes: Notes): Stonith | undefined {
  const [id, type] = [textOf(element, "id") ?? "", textOf(element, "type") ?? ""];
  if (!type.startsWith("fence_") || type === "fence_watchdog") {
    notes.push(
      `${id}: ${type || "a stonith resource without a type"} is no fence agent that can be run here`,
    );
    return undefined;
  }
  const attributes = pairsOf(element, "instance_attributes");
  const meta = pairsOf(element, "meta_attributes");
  if (meta.get("target-role") === "Stopped")
    notes.push(`${id} is stopped in Pacemaker; it is written all the same`);
  const isOwn = (name: string): boolean => name.startsWith("pcmk_") || name === "stonith-timeout";
  return {
    name: id.replaceAll(/\s/g, "-"),
    agent: type,
    // The action is decided for each line; an agent's own delay is a parameter like any other.
    parameters: [...attributes].filter(([name]) => !isOwn(name) && name !== "action" && name !== "priority"),
    own: new Map([...[...attributes].filter(([name]) => isOwn(name) || name === "priority"), ...meta]),
  };
}

interface CibNode {
  readonly name: string;
  readonly id?: number;
}

function nodesOf(nodes: Element | undefined, notes: Notes): readonly CibNode[] {
  return childrenOf(nodes, "node").flatMap((node): readonly CibNode[] => {
    const name = textOf(node, "uname") ?? "";
    const type = textOf(node, "type") ?? "member";
    if (type === "remote" || type === "ping") {
      notes.push(`${name}: ${type} nodes are no members of the cluster`);
      return [];
    }
    const id = textOf(node, "id") ?? "";
    return [{ name, ...(/^[1-9]\d{0,9}$/.test(id) ? { id: Number(id) } : {}) }];
  });
}

/** By node: the devices of each level, in order. Patterns are looked up among the nodes that there are. */
function levelsOf(
  topology: Element | undefined,
  nodes: readonly CibNode[],
  notes: Notes,
): ReadonlyMap<string, readonly (readonly string[])[]> {
  const levels = new Map<string, { index: number; devices: readonly string[] }[]>();
  for (const level of childrenOf(topology, "fencing-level")) {
    const devices = (textOf(level, "devices") ?? "").split(",").map((one) => one.trim());
    const index = Number(textOf(level, "index") ?? 0);
    for (const name of targetsOf(level, nodes, notes)) {
      levels.set(name, [...(levels.get(name) ?? []), { index, devices }]);
    }
  }
  return new Map(
    [...levels].map(([name, own]) => [
      name,
      own.toSorted((a, b) => a.index - b.index).map(({ devices }) => devices),
    ]),
  );
}

function targetsOf(level: Element, nodes: readonly CibNode[], notes: Notes): readonly string[] {
  const target = textOf(level, "target");
  if (target !== undefined) return [target];
  const pattern = textOf(level, "target-pattern");
  if (pattern === undefined) {
    notes.push(`level ${textOf(level, "id") ?? "?"}: targets by node attribute have no equivalent`);
    return [];
  }
  // Only the forms that everybody uses: somebody else's regular expression is not run.
  const prefix = /^\^?([\w-]*)(?:\.\*|\[0-9\][+*]?|\\d[+*]?)?\$?$/.exec(pattern)?.[1];
  if (prefix !== undefined) return nodes.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  notes.push(`level ${textOf(level, "id") ?? "?"}: this pattern is not understood; write its levels by hand`);
  return [];
}

/** `a b`, `a,b`, `a;b` */
function hostList({ own }: Stonith): readonly string[] {
  return (own.get("pcmk_host_list") ?? "").split(/[\s,;]+/).filter((name) => name !== "");
}

/** `a:1;b:2,3` → outlets by node. */
function hostMap({ own }: Stonith): ReadonlyMap<string, readonly string[]> {
  const entries = (own.get("pcmk_host_map") ?? "").split(/[\s;]+/).flatMap((entry) => {
    const at = entry.search(/[:=]/);
    return at <= 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1).split(",")] as const];
  });
  return new Map(entries);
}

/** Without a list or map a device is asked for what it has: it may be anybody's. */
function reaches(device: Stonith, node: string): boolean {
  const [list, map] = [hostList(device), hostMap(device)];
  return list.length === 0 && map.size === 0 ? true : list.includes(node) || map.has(node);
}

type Parameters = readonly (readonly [name: string, value: string])[];

/** The outlets of a node at this device. Agents of one machine need none. */
function outletsOf(device: Stonith, node: string): readonly Parameters[] {
  const argument = device.own.get("pcmk_host_argument") ?? "port";
  const mapped = hostMap(device).get(node);
  if (argument === "none") return [[]];
  if (mapped !== undefined) return mapped.map((outlet) => [[argument, outlet]]);
  const isWritten = device.parameters.some(([name]) => name === "port" || name === "plug");
  return isWritten || !NEEDS_PLUG.test(device.agent) ? [[]] : [[[argument, node]]];
}

/** The name of the node is the plug where Pacemaker would send it so. */
const NEEDS_PLUG =
  /(?:^|\/)fence_(?:virsh|virt|xvm|vmware\w*|pve|rhevm|aws|gce|azure_arm|kubevirt|openstack|lpar|apc\w*|wti|eaton\w*|cdu|raritan\w*)$/;

function plugOf(device: Stonith, node: string): Parameters {
  return outletsOf(device, node)[0] ?? [];
}

/** `5`, `5s`, `1min`; or `a:5;b:10` for each node. Units: seconds. */
function delayOf({ own }: Stonith, node: string): number {
  const text = own.get("pcmk_delay_base") ?? "";
  const single = secondsOf(text);
  if (single !== undefined) return single;
  const entry = text.split(/[\s;]+/).find((one) => one.startsWith(`${node}:`));
  return secondsOf(entry?.slice(node.length + 1) ?? "") ?? 0;
}

function secondsOf(text: string): number | undefined {
  const [, number, unit = "s"] = /^(\d{1,6})\s*(s|sec|ms|m|min|h)?$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const factor = { s: 1, sec: 1, ms: 0.001, m: 60, min: 60, h: 3_600 }[unit] ?? 1;
  return Math.ceil(Number(number) * factor);
}

function methodOf(
  names: readonly string[],
  node: string,
  devices: readonly Stonith[],
  stayOff: boolean,
): readonly ImportedLine[] {
  const used = names.flatMap((name) => devices.filter((one) => one.name === name));
  const lines = used.flatMap((device) => {
    const delay = delayOf(device, node);
    const wait = delay === 0 ? [] : [["delay", String(delay)] as const];
    return outletsOf(device, node).map(
      (outlet): ImportedLine => ({ device: device.name, parameters: [...outlet, ...wait] }),
    );
  });
  const isOff = stayOff || used.some(({ own }) => own.get("pcmk_reboot_action") === "off");
  return allOff(lines, (name) => devices.find((one) => one.name === name)?.agent ?? "", isOff);
}

function propertyNotes(properties: ReadonlyMap<string, string>): readonly string[] {
  const notes: string[] = [];
  if (properties.get("stonith-enabled") === "false")
    notes.push("stonith-enabled=false: Bouncer always fences");
  if (properties.has("stonith-watchdog-timeout")) {
    notes.push(
      "stonith-watchdog-timeout: a node that ends itself proves nothing to the others; see the watchdog of bouncerd",
    );
  }
  for (const name of [
    "stonith-timeout",
    "priority-fencing-delay",
    "concurrent-fencing",
    "startup-fencing",
    "no-quorum-policy",
  ]) {
    if (properties.has(name))
      notes.push(`${name}: Pacemaker's own; Bouncer's time limits come from the agents' timeouts`);
  }
  return notes;
}

function deviceNotes({ name, own, agent }: Stonith): readonly string[] {
  const notes: string[] = [];
  if (own.has("pcmk_delay_max"))
    notes.push(`${name}: pcmk_delay_max is a random delay, which has no equivalent; set delay on one side`);
  if (
    own.get("pcmk_host_check") === "dynamic-list" ||
    (!own.has("pcmk_host_list") && !own.has("pcmk_host_map"))
  ) {
    notes.push(
      `${name}: Pacemaker asks ${agent} which nodes it can fence; check that the lines name the right outlet`,
    );
  }
  for (const key of own.keys()) {
    if (/^pcmk_(?:\w+_(?:timeout|retries)|action_limit|monitor_\w+)$/.test(key)) {
      notes.push(
        `${name}: ${key} has no equivalent; power_timeout and the like decide how long a run may take`,
      );
    }
  }
  return notes;
}

function otherNotes(configuration: Element): readonly string[] {
  const constraints = childOf(configuration, "constraints")?.children.length ?? 0;
  const all: string[] = [];
  const visit = (element: Element): void => {
    if (element.name === "primitive" && textOf(element, "class") !== "stonith")
      all.push(textOf(element, "id") ?? "?");
    element.children.forEach(visit);
  };
  visit(configuration);
  return [
    ...(constraints > 0
      ? [`${constraints} constraints: where a fence device runs is no question here, every member can fence`]
      : []),
    ...(all.length > 0
      ? [
          `${all.length} resources that fence nobody stay Pacemaker's: ${all.slice(0, 5).join(", ")}${all.length > 5 ? ", …" : ""}`,
        ]
      : []),
  ];
}
