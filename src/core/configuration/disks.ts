/** On how many disks a configuration must be before anybody may rely on it. Source: docs/protocol-config.md, 4. */
import type { NodeId } from "../ids.ts";
import type { State, Turn } from "../state.ts";
import { nodeOfKey } from "../turn.ts";
import { updateDesk } from "./keep.ts";
import type { ConfigRefusal } from "./stage.ts";
import { type ConfigStamp, sameStamp } from "./stamp.ts";

/**
 * Votes of disks that a configuration needs: more than half of all, whatever a quorum is, so that every
 * later majority of disks meets one of them. Of two nodes that is both.
 */
export function configQuorum(state: State): number {
  const all = state.config.nodes.reduce((sum, node) => sum + node.votes, 0);
  return Math.floor(all / 2) + 1;
}

function sumOfVotes(state: State, nodes: readonly NodeId[]): number {
  const hellos = [...(state.ring?.hellos ?? [])];
  const votesOf = (node: NodeId): number =>
    hellos.find(([key]) => key.startsWith(`${node}/`))?.[1].votes ??
    state.config.nodes.find((one) => one.id === node)?.votes ??
    1;
  return nodes.reduce((sum, node) => sum + votesOf(node), 0);
}

/** Judged only where it is asked for: votes are those of the node's own configuration. */
export function whyTooFewDisks(state: State): ConfigRefusal | undefined {
  const speaking = [...(state.ring?.hellos.keys() ?? [])].map(nodeOfKey);
  const present = sumOfVotes(state, [...new Set(speaking)]);
  const needed = configQuorum(state);
  if (present >= needed) return undefined;
  const detail = `the nodes present have ${present} votes; a configuration needs the disks of ${needed}, more than half of all`;
  return { error: "DOM_NOT_QUORATE", detail };
}

/**
 * An epoch that opens a gate carries what may have been in force, and waits for no more disks than a quorum
 * is. By `two_node` or a device that is less than a configuration needs: another quorum may know nothing of it.
 */
export function noteThin(turn: Turn, before: ConfigStamp, votes: number): void {
  const { config } = turn.state.ledger.epoch;
  const { thin, ...desk } = turn.state.desk;
  const needed = configQuorum(turn.state);
  const isNew = !sameStamp(before, config) || thin?.digest === config.digest;
  if (!isNew || votes >= needed || config.digest === "") turn.state = { ...turn.state, desk };
  else updateDesk(turn, { thin: { digest: config.digest, votes, needed } });
}

/** What is in force could be forgotten by nodes that are absent: nothing that anybody may rely on yet. */
export function whyThin(state: State): ConfigRefusal | undefined {
  const { thin } = state.desk;
  const { config } = state.ledger.epoch;
  if (thin === undefined || thin.digest !== config.digest) return undefined;
  const detail =
    `the group changed before it was decided: version ${config.version} is in force on the nodes present, on disks ` +
    `of ${thin.votes} votes where ${thin.needed} are needed; should they be lost now, the others go on without it`;
  return { error: "CFG_INTERRUPTED", detail };
}
