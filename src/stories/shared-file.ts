/**
 * The file that stands for the shared storage: every workload appends to it while its node's gate is
 * open. Its order is the truth about who wrote when: appends are ordered by the file system, not by
 * anybody's clock.
 */
import type { NodeId } from "../core/ids.ts";

/**
 * One line: `<mark> <node id> <node name> <boot> <epoch> <members> <sequence>`, blank separated. The
 * sequence is `hold` in the line of a workload that stops because the gate closed.
 *
 * Units: `mark` is CLOCK_MONOTONIC in ms, one clock for all processes of the machine.
 * Shape: `members` are the node ids of the epoch under which the writer's gate was open.
 */
export interface SharedLine {
  readonly mark: number;
  readonly nodeId: NodeId;
  readonly node: string;
  readonly boot: string;
  readonly epoch: number;
  readonly members: readonly NodeId[];
  readonly sequence: number | "hold";
}

export function formatLine(line: SharedLine): string {
  const { mark, nodeId, node, boot, epoch, members, sequence } = line;
  return `${mark.toFixed(3)} ${nodeId} ${node} ${boot} ${epoch} ${members.join(",")} ${sequence}\n`;
}

/** A line without its end is one that is being written; a line of another form is a bug: it throws. */
export function parseLines(text: string): SharedLine[] {
  return text.split("\n").slice(0, -1).map(parseLine);
}

function parseLine(line: string): SharedLine {
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
    sequence: sequence === "hold" ? sequence : Number(sequence),
  };
}

/** How often a node wrote since the mark. */
export function countWrites(text: string, node: string, mark: number): number {
  return parseLines(text).filter(
    (line) => line.node === node && line.mark >= mark && line.sequence !== "hold",
  ).length;
}

/** What the file's order proves that must never happen; one sentence each, empty when all is well. */
export function findViolations(text: string): string[] {
  const lines = parseLines(text);
  return [...writesAfterExclusion(lines), ...writesAfterHold(lines)];
}

/** A gate that closed opens only with a newer epoch. */
function writesAfterHold(lines: readonly SharedLine[]): string[] {
  const heldAt = new Map<string, number>();
  const problems: string[] = [];
  for (const { node, boot, epoch, sequence } of lines) {
    const writer = `${node} ${boot}`;
    const held = heldAt.get(writer);
    if (sequence === "hold") heldAt.set(writer, epoch);
    else if (held !== undefined) {
      heldAt.delete(writer);
      if (epoch <= held)
        problems.push(`${node} stopped under epoch ${held} and wrote again under epoch ${epoch}`);
    }
  }
  return problems;
}

/**
 * The promise that everything else serves: once somebody writes under an epoch of which a node is no
 * member, nothing that this node began under that epoch or an earlier one reaches the file. Returns one
 * sentence per node that broke it.
 */
function writesAfterExclusion(lines: readonly SharedLine[]): string[] {
  const writes = lines.filter((line) => line.sequence !== "hold");
  /** Node id to the newest epoch that was written under and that excludes it. */
  const excludedBy = new Map<NodeId, SharedLine>();
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
