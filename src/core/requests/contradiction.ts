/** What speaks against the word of a person who says that a node is off. */
import { processKey, sameBoot } from "../ids.ts";
import type { Victim } from "../ledger.ts";
import type { Turn } from "../state.ts";
import { name, speakers } from "../turn.ts";

/** A device that read "on" this recently contradicts an operator. Units: ms. */
export const CONTRADICTION_MS = 10_000;

/** What speaks against the operator's word; absent when nothing does. */
export function contradiction(turn: Turn, victim: Victim): string | undefined {
  const who = name(turn.state, victim.node);
  const ring = turn.state.ring;
  const speaks = ring === undefined ? undefined : speakers(ring).find((p) => p.nodeId === victim.node);
  const heard = speaks === undefined ? undefined : ring?.hellos.get(processKey(speaks))?.incarnation;
  // Another run of the daemon in the same boot: the machine was not off.
  if (heard !== undefined && (victim.incarnation === undefined || sameBoot(heard, victim.incarnation))) {
    return `${who} is alive: its daemon speaks in this very moment`;
  }
  const step = [...victim.steps].reverse().find((one) => one.power !== undefined);
  const read =
    victim.lastRead !== undefined && victim.lastRead.at >= (step?.at ?? 0) ? victim.lastRead : step;
  if (read?.power === "on" && turn.now.wall - read.at < CONTRADICTION_MS) {
    return `${read.device} read ${who} as on ${Math.round((turn.now.wall - read.at) / 1000)} s ago`;
  }
  return undefined;
}
