/** `<clusternodes>`: who is in the cluster, and how each is fenced. */
import type { DeviceUse, MethodConfig, NodeConfig } from "../core/config.ts";
import { checkMethodActions, checkUnfenceActions } from "./actions.ts";
import { type DeviceContext, type DeviceLine, type LinePosition, readDeviceLine } from "./device-lines.ts";
import { DEVICES_PER_METHOD_MAX, METHODS_PER_NODE_MAX, NODES_MAX } from "./limits.ts";
import type { DeviceParameters } from "./parameters.ts";
import type { Problems } from "./problem.ts";
import { childOf, childrenOf, integerOf, placeOf, quoted, textOf } from "./values.ts";
import type { Element } from "./xml.ts";

export interface Nodes {
  readonly nodes: readonly NodeConfig[];
  readonly parameters: readonly DeviceParameters[];
}

/** Corosync's ids are 32 bits, 0 means none. */
const NODE_ID_MAX = 4_294_967_295;

/** What votequorum can add up without trouble. */
const VOTES_MAX = 255;

/** Names of hosts and addresses: they are printed in columns, typed in shells and compared. */
const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,254}$/;

export function readNodes(element: Element | undefined, context: DeviceContext): Nodes {
  const { problems } = context;
  const children = childrenOf(element, "clusternode");
  if (element !== undefined && children.length === 0) {
    problems.error(element.place, "<clusternodes> is empty", "a <clusternode> for every node");
  }
  if (children.length > NODES_MAX) {
    const place = children[NODES_MAX]?.place ?? element?.place ?? { line: 0, column: 0 };
    problems.error(place, `${children.length} nodes`, `at most ${NODES_MAX}`);
    return { nodes: [], parameters: [] };
  }
  const read = children.map((child) => readNode(child, context));
  checkUnique(children, problems);
  return { nodes: read.map((one) => one.node), parameters: read.flatMap((one) => one.parameters) };
}

function readNode(
  element: Element,
  context: DeviceContext,
): { readonly node: NodeConfig; readonly parameters: readonly DeviceParameters[] } {
  const { problems } = context;
  const name = readNodeName(element, problems);
  const id = integerOf(element, "nodeid", { min: 1, max: NODE_ID_MAX }, problems) ?? 0;
  const votes = integerOf(element, "votes", { min: 1, max: VOTES_MAX }, problems) ?? 1;
  const altnames = childrenOf(element, "altname").map((altname) => readNodeName(altname, problems));
  const parameters: DeviceParameters[] = [];
  const read = (from: Element, method: number | "unfence"): readonly DeviceLine[] => {
    const lines = readLines(from, { node: name, method }, context);
    parameters.push(...lines.map((line) => line.parameters));
    return lines;
  };

  const methodElements = childrenOf(childOf(element, "fence"), "method");
  checkMethods(methodElements, problems);
  const methods = methodElements.slice(0, METHODS_PER_NODE_MAX).map((method, index): MethodConfig => {
    const lines = read(method, index);
    checkMethodActions(lines, problems);
    return { name: textOf(method, "name") ?? "", devices: lines.map(useOf) };
  });
  if (methodElements.length === 0 && name !== "") {
    const what = `node ${quoted(name)} has no fence method: its loss freezes the cluster until a person acts`;
    problems.warn(
      element.place,
      what,
      "<fence> with a <method>, or somebody at hand who can run `bouncer ack`",
    );
  }

  const unfenceElement = childOf(element, "unfence");
  const unfenceLines = unfenceElement === undefined ? [] : read(unfenceElement, "unfence");
  checkUnfenceActions(unfenceLines, problems);
  const unfence = unfenceLines.map(useOf);
  return { node: { id, name, votes, altnames, methods, unfence, line: element.place.line }, parameters };
}

function useOf(line: DeviceLine): DeviceUse {
  return line.use;
}

/** Positions count the lines that could be read: with a wrong one the configuration is refused anyway. */
function readLines(
  element: Element,
  position: Omit<LinePosition, "device">,
  context: DeviceContext,
): readonly DeviceLine[] {
  const elements = childrenOf(element, "device");
  const extra = elements[DEVICES_PER_METHOD_MAX];
  if (extra !== undefined) {
    context.problems.error(extra.place, `${elements.length} devices`, `at most ${DEVICES_PER_METHOD_MAX}`);
  }
  const lines: DeviceLine[] = [];
  for (const one of elements.slice(0, DEVICES_PER_METHOD_MAX)) {
    const line = readDeviceLine(one, { ...position, device: lines.length }, context);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

function readNodeName(element: Element, problems: Problems): string {
  const name = textOf(element, "name");
  if (name === undefined) return ""; // Reported as a missing attribute.
  if (!NODE_NAME.test(name)) {
    const what = `node name ${quoted(name)}`;
    problems.error(placeOf(element, "name"), what, "letters, digits, dots, dashes, at most 255 characters");
  }
  return name;
}

function checkMethods(methods: readonly Element[], problems: Problems): void {
  const extra = methods[METHODS_PER_NODE_MAX];
  if (extra !== undefined) {
    problems.error(extra.place, `${methods.length} methods`, `at most ${METHODS_PER_NODE_MAX} per node`);
  }
  const firsts = new Map<string, Element>();
  for (const method of methods) {
    const name = textOf(method, "name");
    const shown = name === undefined ? "this method" : `method ${quoted(name)}`;
    if (name === "") problems.error(placeOf(method, "name"), "a method with an empty name", 'name="…"');
    if (childrenOf(method, "device").length === 0) {
      problems.error(method.place, `${shown} has no device`, "a <device>, or no method at all");
    }
    if (name === undefined) continue;
    const first = firsts.get(name);
    if (first !== undefined) {
      const what = `a second ${shown} of the same node`;
      problems.error(method.place, what, `another name; the first is in line ${first.place.line}`);
    }
    firsts.set(name, first ?? method);
  }
}

/** Names without regard to case: an operator types them at night. Other names count as names, too. */
function checkUnique(nodes: readonly Element[], problems: Problems): void {
  const names = new Map<string, Element>();
  const ids = new Map<string, Element>();
  for (const node of nodes) {
    const id = textOf(node, "nodeid")
      ?.trim()
      .replace(/^0+(?=\d)/, "");
    const sameId = id === undefined ? undefined : ids.get(id);
    if (id !== undefined && sameId !== undefined) {
      const what = `nodeid ${quoted(id)} is taken`;
      problems.error(placeOf(node, "nodeid"), what, `another number; line ${sameId.place.line} has this one`);
    }
    if (id !== undefined) ids.set(id, sameId ?? node);
    for (const named of [node, ...childrenOf(node, "altname")]) {
      const name = textOf(named, "name")?.toLowerCase();
      const first = name === undefined ? undefined : names.get(name);
      if (first !== undefined) {
        const what = `node name ${quoted(textOf(named, "name") ?? "")} is taken`;
        problems.error(placeOf(named, "name"), what, `another name; line ${first.place.line} has this one`);
      }
      if (name !== undefined) names.set(name, first ?? named);
    }
  }
}
