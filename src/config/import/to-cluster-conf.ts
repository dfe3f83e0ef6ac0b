/** What was imported, as the text of a `cluster.conf`. */
import { CLUSTER_NAME_CHARS_MAX } from "../limits.ts";
import type { Imported, ImportedLine, ImportedNode } from "./imported.ts";

export interface ConfNames {
  /** Wins over what the file said. */
  readonly name?: string;
  /** Ids and votes that the format does not know, by name of the node; and names by id. */
  readonly nodes?: readonly { readonly id: number; readonly name: string; readonly votes?: number }[];
}

export interface WrittenConf {
  readonly text: string;
  readonly notes: readonly string[];
}

type Attributes = readonly (readonly [name: string, value: string])[];

export function formatClusterConf(imported: Imported, names: ConfNames = {}): WrittenConf {
  const notes = [...imported.notes];
  const nodes = numbered(imported.nodes, names, notes);
  const isPair = nodes.length === 2 && nodes.every(({ votes = 1 }) => votes === 1);
  if (isPair) notes.push("two nodes: two_node is set, so that one of them can go on alone");
  const name = clusterName(names.name ?? imported.name, notes);
  const lines = [
    '<?xml version="1.0"?>',
    `<cluster name="${escaped(name)}" config_version="1">`,
    ...(isPair ? ['  <cman two_node="1" expected_votes="1"/>'] : []),
    "  <clusternodes>",
    ...nodes.flatMap(nodeLines),
    "  </clusternodes>",
    "  <fencedevices>",
    ...imported.devices.map(
      ({ name: device, agent, parameters }) =>
        `    ${tag("fencedevice", [["name", device], ["agent", agent], ...unique(parameters)])}`,
    ),
    "  </fencedevices>",
    ...(imported.waits.length === 0 ? [] : [`  ${tag("fence_daemon", imported.waits)}`]),
    "</cluster>",
    "",
  ];
  return { text: lines.join("\n"), notes };
}

function clusterName(name: string | undefined, notes: string[]): string {
  if (name === undefined || name === "") {
    notes.push("the cluster's name is not in the file: --name gives one; it is called cluster");
    return "cluster";
  }
  const short = name.replaceAll(/[^\x21-\x7e]/g, "-").slice(0, CLUSTER_NAME_CHARS_MAX);
  if (short !== name)
    notes.push(`the cluster is called ${short}: at most ${CLUSTER_NAME_CHARS_MAX} characters, no blanks`);
  return short;
}

type NumberedNode = ImportedNode & { readonly id: number };

/** Ids that nobody knows are counted; fencing goes by them, so that is said. */
function numbered(
  nodes: readonly ImportedNode[],
  names: ConfNames,
  notes: string[],
): readonly NumberedNode[] {
  const known = names.nodes ?? [];
  const taken = new Set([...nodes.flatMap(({ id }) => id ?? []), ...known.map(({ id }) => id)]);
  const guessed: string[] = [];
  const named = nodes.map((node): NumberedNode => {
    const listed = known.find(
      (one) => one.name === node.name || (node.id !== undefined && one.id === node.id),
    );
    const votes = node.votes ?? listed?.votes;
    const base = { ...node, name: listed?.name ?? node.name, ...(votes === undefined ? {} : { votes }) };
    const given = node.id ?? listed?.id;
    if (given !== undefined) return { ...base, id: given };
    let id = 1;
    while (taken.has(id)) id += 1;
    taken.add(id);
    guessed.push(`${node.name} is ${id}`);
    return { ...base, id };
  });
  if (guessed.length > 0) {
    notes.push(
      `node ids are not in the file: ${guessed.join(", ")}; make them Corosync's, or give --corosync-conf`,
    );
  }
  const missing = known.filter((one) => !named.some((node) => node.id === one.id));
  for (const { id, name } of missing)
    notes.push(`node ${name} (${id}) of Corosync has no fence device in the file`);
  return [...named, ...missing.map((one): NumberedNode => ({ ...one, methods: [], unfence: [] }))];
}

function nodeLines({ name, id, votes, methods, unfence }: NumberedNode): readonly string[] {
  const attributes: Attributes = [
    ["name", name],
    ["nodeid", String(id)],
    ...(votes === undefined || votes === 1 ? [] : [["votes", String(votes)] as const]),
  ];
  if (methods.length === 0 && unfence.length === 0) return [`    ${tag("clusternode", attributes)}`];
  const device = (line: ImportedLine, indent: string): string =>
    `${indent}${tag("device", [["name", line.device], ...unique(line.parameters)])}`;
  return [
    `    ${tag("clusternode", attributes).replace(/\/>$/, ">")}`,
    ...(methods.length === 0
      ? []
      : [
          "      <fence>",
          ...methods.flatMap((lines, index) => [
            `        <method name="${index + 1}">`,
            ...lines.map((line) => device(line, "          ")),
            "        </method>",
          ]),
          "      </fence>",
        ]),
    ...(unfence.length === 0
      ? []
      : ["      <unfence>", ...unfence.map((line) => device(line, "        ")), "      </unfence>"]),
    "    </clusternode>",
  ];
}

/** Of two with one name the last counts, as with the agents. */
function unique(attributes: Attributes): Attributes {
  return [...new Map(attributes.map(([name, value]) => [name, value]))];
}

function tag(name: string, attributes: Attributes): string {
  return `<${[name, ...attributes.map(([key, value]) => `${key}="${escaped(value)}"`)].join(" ")}/>`;
}

function escaped(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#9;");
}
