/**
 * The first look around after a cold start: a configured node that nobody heard of may still be
 * writing. Source: docs/protocol.md, "Start-up".
 */
import { newVictim } from "../fencing/victims.ts";
import { type NodeId, type ProcessRef, processKey, sameIncarnation } from "../ids.ts";
import type { Ledger, Victim } from "../ledger.ts";
import type { Hello } from "../messages.ts";
import type { State, Turn } from "../state.ts";
import {
  byNode,
  firstTime,
  isPresent,
  log,
  multicast,
  name,
  nodeOfKey,
  updateLedger,
  withNode,
} from "../turn.ts";
import type { Authority } from "./authority.ts";

export function lookAround(turn: Turn): void {
  const { ledger, config } = turn.state;
  if (ledger.startup === "done" || ledger.members.length === 0) return;
  if (turn.state.quorum?.ringId !== turn.state.ring?.id) return; // Whether disks are believed is not known yet.
  if (knowsNothing(turn.state)) return;
  if (!firstTime(turn, "startup")) return;
  const isSure = ledger.established && disksAreBelieved(turn); // Every other epoch would be on a disk here.
  const unheard =
    config.fenceDaemon.cleanStart || isSure
      ? []
      : candidateNodes(turn).filter((id) => !isAccountedFor(turn, id));
  const victims: readonly Victim[] = unheard.map((node) => {
    const member = byNode(ledger.epoch.members, node);
    const incarnation = member === undefined ? undefined : { boot: member.boot, start: member.start };
    const reason = "nobody has heard of it since the start";
    return {
      ...newVictim(ledger, node, incarnation, "unknown since start"),
      reason,
      firstSeenAt: turn.now.wall,
    };
  });
  multicast(turn, { type: "startup-victims", victims });
}

/**
 * Every configured node, and every member of the newest epoch known: a file that was left behind, or
 * edited while its node ran, must not make a machine forgotten. `skip_undefined` never skips a member.
 */
function candidateNodes(turn: Turn): readonly NodeId[] {
  const { config, ledger } = turn.state;
  const members = ledger.epoch.members.map((member) => member.node);
  const { skipUndefined } = config.fenceDaemon;
  const configured = config.nodes
    .filter((node) => !(skipUndefined && node.methods.length === 0))
    .map((node) => node.id);
  return [...new Set([...configured, ...members])].sort((a, b) => a - b);
}

function isAccountedFor(turn: Turn, node: NodeId): boolean {
  const { ledger } = turn.state;
  return (
    isPresent(turn.state, node) ||
    (byNode(ledger.departed, node) !== undefined && disksAreBelieved(turn)) ||
    byNode(ledger.members, node) !== undefined ||
    byNode(ledger.suspects, node) !== undefined ||
    byNode(ledger.victims, node) !== undefined
  );
}

/**
 * What the disks present do not tell has not happened only when they hold more than half of all votes, and a
 * quorum without a quorum device: then they overlap every other quorum. A quorum by two_node, by a device or
 * by lowered expected votes proves no such thing; a node that really left is then asked, and found off. Nor
 * does a disk that knows no epoch beside others that do: it was lost, or is new, and says nothing of the past.
 */
function disksAreBelieved(turn: Turn): boolean {
  const needed = turn.state.quorum?.quorumVotes ?? Number.POSITIVE_INFINITY;
  const hellos = hellosOf(turn.state);
  const remembering = hellos.filter((hello) => hello.durable.n > 0);
  const votes = votesOf(remembering.length === 0 ? hellos : remembering);
  return isMost(votes, turn.state) && votes >= needed;
}

function hellosOf({ ring }: State): readonly Hello[] {
  return [...(ring?.hellos.values() ?? [])];
}

function votesOf(hellos: readonly Hello[]): number {
  return hellos.reduce((sum, hello) => sum + hello.votes, 0);
}

function isMost(votes: number, { config }: State): boolean {
  return 2 * votes > config.nodes.reduce((sum, node) => sum + node.votes, 0);
}

function hasMostDisks(state: State): boolean {
  return isMost(votesOf(hellosOf(state)), state);
}

/**
 * A quorum device votes for few nodes whose disks know no epoch, and those absent may: the file here, by which
 * shots would go out and which would come into force, could be any. Most disks must be there for a cluster
 * to begin, as they are wherever there is no device.
 */
export function knowsNothing(state: State): boolean {
  const { ledger, quorum } = state;
  const begins = ledger.startup === "pending" && !ledger.established && ledger.epoch.n === 0;
  return begins && quorum?.deviceVotes !== undefined && !hasMostDisks(state);
}

/**
 * Nobody here was a member of the base's epoch and held its ledger ever since. Whoever was may have been proven
 * off by others, who went on with nodes that this ledger does not know: a quorum device votes for them
 * and remembers nothing. All who are absent are looked for anew, as at a cold start. One who did live
 * through it rules that out: the others could not have gone on before it was off. Not so whoever has left
 * meanwhile: nobody misses it, and nobody would have to prove it off.
 */
export function lookAnew(
  turn: Turn,
  base: Pick<Ledger, "members">,
  hellos: ReadonlyMap<string, Hello>,
  authority: Authority,
): void {
  const { epoch, established } = turn.state.ledger;
  if (!established || !authority.live) return;
  const lived = authority.keys.some((key) =>
    [epoch.members, base.members].every((members) =>
      sameIncarnation(byNode(members, nodeOfKey(key)), hellos.get(key)?.incarnation),
    ),
  );
  if (!lived) updateLedger(turn, { startup: "pending" });
}

/** Only the master's list counts, once. Whoever spoke up in the meantime is not on it. */
export function onStartupVictims(turn: Turn, from: ProcessRef, victims: readonly Victim[]): void {
  if (turn.state.ring?.master !== processKey(from) || turn.state.ledger.startup === "done") return;
  updateLedger(turn, { startup: "done" });
  for (const victim of victims) {
    const { ledger } = turn.state;
    if (
      byNode(ledger.members, victim.node) !== undefined ||
      byNode(ledger.victims, victim.node) !== undefined
    )
      continue;
    updateLedger(turn, { victims: withNode(ledger.victims, victim), open: false });
    log(
      turn,
      "warn",
      "victim",
      `${name(turn.state, victim.node)} was not heard of since the start`,
      victim.node,
    );
  }
}
