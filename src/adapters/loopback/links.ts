/** Which node hears which: the truth about the wires between the pretended machines. */
import { compareNumbers, type NodeId } from "../../core/ids.ts";

/** Ordered pairs that one hub remembers as cut: 64 nodes, all apart. */
const CUT_LINKS_MAX = 64 * 64;
const CUT_NODES_MAX = 64;

/** Errors: what cuts throws a RangeError past the limits above. */
export interface Links {
  /** `from` is no longer heard by `to`. */
  cut(from: NodeId, to: NodeId): void;
  heal(from: NodeId, to: NodeId): void;
  /** Pulls every wire of a node, also those to nodes that come later. */
  cutNode(node: NodeId): void;
  /** Every wire of the node works again, whatever cut it. */
  healNode(node: NodeId): void;
  /** Cuts what lies between the groups and heals what lies within one. */
  split(groups: readonly (readonly NodeId[])[]): void;
  healAll(): void;
  /**
   * A label for each of the nodes, equal exactly for those that reach one another. A wire carries
   * only while both directions work; a node in the middle relays.
   */
  components(nodes: Iterable<NodeId>): ReadonlyMap<NodeId, NodeId>;
  readonly cutLinks: readonly (readonly [NodeId, NodeId])[];
  readonly cutNodes: readonly NodeId[];
}

export function createLinks(): Links {
  const cutLinks = new Map<string, readonly [NodeId, NodeId]>();
  const cutNodes = new Set<NodeId>();
  const key = (from: NodeId, to: NodeId): string => `${from}>${to}`;

  function isOpen(a: NodeId, b: NodeId): boolean {
    if (cutNodes.has(a) || cutNodes.has(b)) return false;
    return !cutLinks.has(key(a, b)) && !cutLinks.has(key(b, a));
  }

  function cut(from: NodeId, to: NodeId): void {
    if (from === to) return;
    if (cutLinks.size >= CUT_LINKS_MAX) throw new RangeError(`more than ${CUT_LINKS_MAX} links are cut`);
    cutLinks.set(key(from, to), [from, to]);
  }

  return {
    cut,
    heal: (from, to) => void cutLinks.delete(key(from, to)),
    cutNode(node) {
      if (cutNodes.size >= CUT_NODES_MAX) throw new RangeError(`more than ${CUT_NODES_MAX} nodes are cut`);
      cutNodes.add(node);
    },
    healNode(node) {
      cutNodes.delete(node);
      for (const [id, [from, to]] of cutLinks) if (from === node || to === node) cutLinks.delete(id);
    },
    split(groups) {
      const flat = groups.flatMap((nodes, group) => nodes.map((node) => ({ node, group })));
      for (const a of flat) {
        cutNodes.delete(a.node);
        for (const b of flat) {
          if (a.group === b.group) cutLinks.delete(key(a.node, b.node));
          else cut(a.node, b.node);
        }
      }
    },
    healAll() {
      cutLinks.clear();
      cutNodes.clear();
    },
    components(nodes) {
      const rest = new Set(nodes);
      const labels = new Map<NodeId, NodeId>();
      for (const label of [...rest].sort(compareNumbers)) {
        if (!rest.delete(label)) continue;
        labels.set(label, label);
        const reached = [label];
        for (const from of reached) {
          for (const to of rest) {
            if (!isOpen(from, to)) continue;
            rest.delete(to);
            labels.set(to, label);
            reached.push(to);
          }
        }
      }
      return labels;
    },
    get cutLinks() {
      return [...cutLinks.values()];
    },
    get cutNodes() {
      return [...cutNodes].sort(compareNumbers);
    },
  };
}
