/** Every `<device>` line of a file with the node, the method and the fence device that belong to it. */
import type { FenceDevice } from "./fence-devices.ts";
import { childOf, childrenOf, textOf } from "./values.ts";
import type { Attribute, Element } from "./xml.ts";

export interface ListedLine {
  readonly node: string;
  /** Name of the method; `unfence` has none. */
  readonly method?: string;
  readonly element: Element;
  readonly device: FenceDevice;
  /** In the order in which they are sent: of two with one name the later one counts. */
  readonly attributes: readonly Attribute[];
}

/** Lines whose fence device exists, of nodes that have a name, in document order. */
export function linesOf(root: Element, devices: ReadonlyMap<string, FenceDevice>): readonly ListedLine[] {
  return childrenOf(childOf(root, "clusternodes"), "clusternode").flatMap((node) => {
    const name = textOf(node, "name") ?? "";
    const methods = childrenOf(childOf(node, "fence"), "method").flatMap((method) =>
      listed(method, devices).map((line) => ({ node: name, method: textOf(method, "name") ?? "", ...line })),
    );
    const unfence = childOf(node, "unfence");
    const unfenceLines = unfence === undefined ? [] : listed(unfence, devices);
    return [...methods, ...unfenceLines.map((line) => ({ node: name, ...line }))];
  });
}

function listed(
  parent: Element,
  devices: ReadonlyMap<string, FenceDevice>,
): readonly Omit<ListedLine, "node" | "method">[] {
  return childrenOf(parent, "device").flatMap((element) => {
    const device = devices.get(textOf(element, "name") ?? "");
    return device === undefined ? [] : [{ element, device, attributes: sentAttributes(element, device) }];
  });
}

export function sentAttributes(element: Element, device: FenceDevice): readonly Attribute[] {
  return [...element.attributes, ...device.element.attributes].filter((one) => one.name !== "name");
}

/** The value that an agent sees: old and current names are one, the last one wins. */
export function sentValue(line: ListedLine, ...names: readonly string[]): string | undefined {
  return line.attributes.findLast(({ name }) => names.includes(name))?.value;
}
