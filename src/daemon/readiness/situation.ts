/** What the readiness has to know of the fence domain, taken from the core's state. */

import type { Incarnation, NodeId } from "../../core/ids.ts";
import { processKey } from "../../core/ids.ts";
import type { Situation } from "../../core/readiness/state.ts";
import { sameSpeakers } from "../../core/readiness/step.ts";
import type { State } from "../../core/state.ts";
import { nodeOfKey, speakers } from "../../core/turn.ts";

export function situationOf({ config, traits, ledger, ring }: State): Situation {
  const speaking = new Map<NodeId, Incarnation>();
  for (const process of ring === undefined ? [] : speakers(ring)) {
    const key = processKey(process);
    const hello = ring?.hellos.get(key);
    if (hello !== undefined) speaking.set(nodeOfKey(key), hello.incarnation);
  }
  const fenced = [...ledger.victims, ...ledger.shots.filter(({ active }) => active)];
  return {
    config,
    traits,
    members: ledger.members.map(({ node }) => node),
    speaking,
    busy: [...new Set(fenced.map(({ node }) => node))].sort((a, b) => a - b),
    ring: ring?.id ?? "",
  };
}

/** Whether no part of the state that {@link situationOf} looks at was replaced. */
export function hasSameParts(a: State, b: State): boolean {
  return (
    a.config === b.config &&
    a.traits === b.traits &&
    a.ring === b.ring &&
    a.ledger.members === b.ledger.members &&
    a.ledger.victims === b.ledger.victims &&
    a.ledger.shots === b.ledger.shots
  );
}

/** Whether nothing of it is another. */
export function sameSituation(a: Situation, b: Situation): boolean {
  return (
    a.config === b.config &&
    a.traits === b.traits &&
    a.ring === b.ring &&
    a.members.join() === b.members.join() &&
    a.busy.join() === b.busy.join() &&
    sameSpeakers(a.speaking, b.speaking)
  );
}
