/**
 * The file that stands for the shared storage: every workload appends to it while its node's gate is
 * open. Its order is the truth about who wrote when: appends are ordered by the file system, not by
 * anybody's clock.
 */
import type { NodeId } from "../core/ids.ts";

/**
 * One line: `<mark> <node id> <node name> <boot> <epoch> <members> <sequence>`, blank separated.
 *
 * Units: `mark` is CLOCK_MONOTONIC in ms, one clock for all processes of the machine.
 * Shape: `members` are the node ids of the epoch under which the writer's gate was open.
 */
export interface Write {
  readonly mark: number;
  readonly nodeId: NodeId;
  readonly node: string;
  readonly boot: string;
  readonly epoch: number;
  readonly members: readonly NodeId[];
  readonly sequence: number;
}

export function formatWrite(write: Write): string {
  const { mark, nodeId, node, boot, epoch, members, sequence } = write;
  return `${mark.toFixed(3)} ${nodeId} ${node} ${boot} ${epoch} ${members.join(",")} ${sequence}\n`;
}

/** A line without its end is one that is being written; a line of another form is a bug: it throws. */
export function parseWrites(text: string): Write[] {
  return text.split("\n").slice(0, -1).map(parseLine);
}

function parseLine(line: string): Write {
  const [mark, nodeId, node, boot, epoch, members, sequence] = line.split(" ");
  if (node === undefined || boot === undefined || members === undefined || sequence === undefined) {
    throw new Error(`the shared file has a line that no workload wrote: ${line}`);
  }
  return {
    mark: Number(mark),
    nodeId: Number(nodeId),
    node,
    boot,
    epoch: Number(epoch),
    members: members.split(",").map(Number),
    sequence: Number(sequence),
  };
}

/**
 * The promise that everything else serves: once somebody writes under an epoch of which a node is no
 * member, nothing that this node began under that epoch or an earlier one reaches the file. Returns one
 * sentence per node that broke it.
 */
export function forbiddenWrites(writes: readonly Write[]): string[] {
  /** Node id to the newest epoch, written under so far, that excludes it. */
  const excludedBy = new Map<NodeId, Write>();
  const known = new Set(writes.map((write) => write.nodeId));
  const problems = new Map<NodeId, string>();
  for (const write of writes) {
    const by = excludedBy.get(write.nodeId);
    if (by !== undefined && by.epoch >= write.epoch) {
      problems.set(
        write.nodeId,
        `${write.node} wrote under epoch ${write.epoch} after ${by.node} had written under epoch ${by.epoch}, ` +
          `of which ${write.node} is no member`,
      );
    }
    for (const nodeId of known) {
      const earlier = excludedBy.get(nodeId);
      if (write.members.includes(nodeId) || (earlier !== undefined && earlier.epoch >= write.epoch)) continue;
      excludedBy.set(nodeId, write);
    }
  }
  return [...problems.values()];
}
