/**
 * The first look around after a cold start: a configured node that nobody heard of may still be
 * writing. Source: docs/protocol.md, "Start-up".
 */
import { newVictim } from "../fencing/victims.ts";
import { type ProcessRef, processKey } from "../ids.ts";
import type { Victim } from "../ledger.ts";
import type { Turn } from "../state.ts";
import { byNode, firstTime, isPresent, log, multicast, name, updateLedger, withNode } from "../turn.ts";

export function lookAround(turn: Turn): void {
  const { ledger, config } = turn.state;
  if (ledger.startup === "done" || ledger.members.length === 0) return;
  if (!firstTime(turn, "startup")) return;
  const { cleanStart, skipUndefined } = config.fenceDaemon;
  const unknown = config.nodes.filter(
    (node) =>
      !isPresent(turn.state, node.id) &&
      byNode(ledger.departed, node.id) === undefined &&
      byNode(ledger.members, node.id) === undefined &&
      byNode(ledger.suspects, node.id) === undefined &&
      byNode(ledger.victims, node.id) === undefined &&
      !(skipUndefined && node.methods.length === 0),
  );
  const known = (id: number) => byNode(ledger.epoch.members, id);
  const victims: readonly Victim[] = (cleanStart ? [] : unknown).map((node) => {
    const member = known(node.id);
    const incarnation = member === undefined ? undefined : { boot: member.boot, start: member.start };
    const reason = "nobody has heard of it since the start";
    return { ...newVictim(ledger, node.id, incarnation, "unknown since start"), reason, firstSeenAt: turn.now.wall };
  });
  multicast(turn, { type: "startup-victims", victims });
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
