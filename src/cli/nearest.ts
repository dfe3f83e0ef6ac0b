/** "Did you mean": node names as people mistype them, and the error that says so. */
import { nearest } from "../config/nearest.ts";
import { OperationError } from "../core/errors.ts";
import type { NodeView, StatusView } from "../core/view/types.ts";

/** The node of that name. Errors: REQ_NODE_UNKNOWN with the nearest name. */
export function nodeNamed(status: StatusView, name: string): NodeView {
  const found = status.nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  throw new OperationError("REQ_NODE_UNKNOWN", unknownNode(status, name));
}

/** One sentence: no such node, and what was probably meant. */
export function unknownNode(status: StatusView, name: string): string {
  const names = status.nodes.map((node) => node.name);
  const near = nearest(name, names);
  const rest = near === undefined ? `the nodes are ${names.join(", ")}` : `did you mean ${near}?`;
  return `no node "${name}" in cluster.conf; ${rest}`;
}
