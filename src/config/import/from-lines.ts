/**
 * `dlm.conf` and Proxmox VE's `fence.cfg`: both have `device` and `connect` lines. In dlm.conf a node is a
 * number, in fence.cfg a name. Source: dlm.conf(5); pve-ha-manager, FenceConfig.
 */
import {
  allOff,
  type ImportedDevice,
  type ImportedLine,
  type ImportedNode,
  type ImportResult,
} from "./imported.ts";

export type LinesFormat = "dlm" | "fence.cfg";

/** Units: characters; and lines that are looked at. */
export const IMPORT_CHARS_MAX = 1024 * 1024;
const LINES_MAX = 20_000;

type Pairs = readonly (readonly [name: string, value: string])[];

interface Connection {
  readonly device: string;
  readonly node: string;
  readonly parameters: Pairs;
}

interface Read {
  readonly devices: Map<string, ImportedDevice>;
  readonly connections: Connection[];
  readonly unfence: Set<string>;
  readonly settings: Map<string, string>;
  readonly notes: string[];
  fenceAll?: string;
}

export function importLines(text: string, format: LinesFormat): ImportResult {
  const wrong = (line: number, problem: string): ImportResult => ({ ok: false, line, problem });
  if (text.length > IMPORT_CHARS_MAX) return wrong(0, `more than ${IMPORT_CHARS_MAX} characters`);
  const rows = text.split("\n");
  if (rows.length > LINES_MAX) return wrong(0, `more than ${LINES_MAX} lines`);
  const read: Read = {
    devices: new Map(),
    connections: [],
    unfence: new Set(),
    settings: new Map(),
    notes: [],
  };
  for (const [index, raw] of rows.entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const problem = readLine(line, format, read);
    if (problem !== undefined) return wrong(index + 1, problem);
  }
  for (const { device } of read.connections) {
    if (!read.devices.has(device))
      return wrong(0, `connect names device ${device}, which no device line has`);
  }
  return { ok: true, imported: assemble(read, format) };
}

/** Answers what is wrong with it. Values are never in the answer: one could be a password. */
function readLine(line: string, format: LinesFormat, read: Read): string | undefined {
  const words = wordsOf(line);
  const [verb = "", id = "", ...rest] = words;
  switch (verb) {
    case "device": {
      const [agent = "", ...pairs] = rest;
      if (!/^[\w.-]+(?::\d+)?$/.test(id)) return "device needs a name, an agent and NAME=VALUE pairs";
      if (!/^(?:\/\S+|fence_[\w.-]+|dlm_stonith)$/.test(agent)) return `device ${id} names no fence agent`;
      if (read.devices.has(id)) return `a second device ${id}`;
      const parameters = pairsOf(pairs);
      if (parameters === undefined) return `device ${id} has a word that is no NAME=VALUE`;
      read.devices.set(id, { name: id.replace(":", "-"), agent, parameters });
      return undefined;
    }
    case "connect": {
      const parameters = pairsOf(rest);
      if (parameters === undefined) return `connect ${id} has a word that is no NAME=VALUE`;
      const node = parameters.find(([name]) => name === "node")?.[1] ?? "";
      const isNode = format === "dlm" ? /^[1-9]\d{0,9}$/.test(node) : /^[\w.-]+$/.test(node);
      if (!isNode) return `connect ${id} needs node=${format === "dlm" ? "ID" : "NAME"}`;
      read.connections.push({ device: id, node, parameters: parameters.filter(([name]) => name !== "node") });
      return undefined;
    }
    case "unfence":
      read.unfence.add(id);
      return undefined;
    case "fence_all":
      read.fenceAll = id;
      return undefined;
    case "lockspace":
    case "master":
      read.notes.push(`${verb} ${id}: masters of lockspaces are the lock manager's business`);
      return undefined;
    default: {
      const [, name, value] = /^([a-z_]+)\s*=\s*(\S*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) return "neither device, connect nor NAME=VALUE";
      read.settings.set(name, value);
      return undefined;
    }
  }
}

/** Blanks part words; quotes keep them together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ""),
  );
}

function pairsOf(words: readonly string[]): Pairs | undefined {
  const pairs = words.map((word) => {
    const at = word.indexOf("=");
    return at <= 0 ? undefined : ([word.slice(0, at), word.slice(at + 1)] as const);
  });
  return pairs.includes(undefined) ? undefined : pairs.filter((pair) => pair !== undefined);
}

function assemble(read: Read, format: LinesFormat) {
  const names = [...new Set(read.connections.map(({ node }) => node))];
  if (format === "dlm") names.sort((a, b) => Number(a) - Number(b));
  const nodes = names.map((node) => nodeOf(node, read, format));
  const devices = [...read.devices.values()];
  const notes = [...read.notes, ...notesOf(read, format)];
  const post = read.settings.get("post_join_delay");
  const waits = post === undefined ? [] : [["post_join_delay", post] as const];
  return { nodes, devices, waits, notes };
}

/** Devices `a:1` and `a:2` are one method: both must succeed. Others are tried one after another. */
function nodeOf(node: string, read: Read, format: LinesFormat): ImportedNode {
  const groups = new Map<string, Connection[]>();
  // The order of the device lines is the order in which they are tried.
  for (const id of read.devices.keys()) {
    for (const connection of read.connections) {
      if (connection.device !== id || connection.node !== node) continue;
      const base = id.replace(/:\d+$/, "");
      groups.set(base, [...(groups.get(base) ?? []), connection]);
    }
  }
  const lineOf = ({ device, parameters }: Connection): ImportedLine => ({
    device: read.devices.get(device)?.name ?? device,
    parameters,
  });
  const agentOf = (name: string) => [...read.devices.values()].find((one) => one.name === name)?.agent ?? "";
  const unfence = [...groups.values()]
    .flat()
    .filter(({ device }) => read.unfence.has(device) || read.unfence.has(device.replace(/:\d+$/, "")))
    .map((connection): ImportedLine => {
      const line = lineOf(connection);
      return {
        ...line,
        parameters: [...line.parameters.filter(([name]) => name !== "action"), ["action", "on"]],
      };
    });
  return {
    name: format === "dlm" ? `node${node}` : node,
    ...(format === "dlm" ? { id: Number(node) } : {}),
    methods: [...groups.values()].map((connections) => allOff(connections.map(lineOf), agentOf, false)),
    unfence,
  };
}

/** Settings of dlm.conf that mean something for fencing, and where they went. */
function notesOf({ settings, fenceAll, devices, connections }: Read, format: LinesFormat): readonly string[] {
  const notes: string[] = [];
  if (format === "dlm" && connections.length > 0) {
    notes.push("names of nodes are not in dlm.conf: nodeN is written; --corosync-conf FILE knows them");
  }
  if (fenceAll !== undefined) {
    notes.push(`fence_all ${fenceAll}: it asks another program to fence; name the devices themselves`);
  }
  for (const [name, value] of settings) {
    if (name === "post_join_delay") continue;
    if (name === "enable_fencing" && value === "0") notes.push("enable_fencing=0: Bouncer always fences");
    else if (name === "enable_startup_fencing" && value === "0") {
      notes.push(
        "enable_startup_fencing=0: clean_start=1 is the nearest, and believes that absent nodes are off",
      );
    } else notes.push(`${name}: a setting of dlm_controld, kept out`);
  }
  for (const id of devices.keys()) {
    if (!connections.some(({ device }) => device === id)) notes.push(`device ${id} is connected to no node`);
  }
  return notes;
}
