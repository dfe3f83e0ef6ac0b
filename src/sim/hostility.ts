/** How unkind the world is where docs/protocol.md §1 leaves it the choice. Zero everywhere: kind. */
import type { Millis } from "../core/ids.ts";
import type { Random } from "./random.ts";

export interface Hostility {
  /** Longest extra time from a message's order to its delivery on one node. */
  readonly jitterMs: Millis;
  /** Longest time that a message waits for the token. */
  readonly tokenWaitMs: Millis;
  /** Chance that a message of a lost node, undelivered at a ring's end, is a hole. */
  readonly hole: number;
  /** Chance that a new ring forms in two parts first. */
  readonly splinter: number;
  /** Chance that processes of the other side of a merge appear one by one. */
  readonly oneByOne: number;
  /** Longest delay of votequorum's answer after the view. */
  readonly quorumLagMs: Millis;
  /** Factors of the usual duration: token, disk, agent, boot vary up to this much. */
  readonly spread: number;
  /** Chance that the group takes no message for a while (flow control). */
  readonly refuse: number;
  /** Longest delay until a host says what it uses, after the daemon's start. */
  readonly guardLagMs: Millis;
}

export const KIND: Hostility = {
  jitterMs: 0,
  tokenWaitMs: 0,
  hole: 0,
  splinter: 0,
  oneByOne: 0,
  quorumLagMs: 0,
  spread: 0,
  refuse: 0,
  guardLagMs: 0,
};

/** Each seed has a temper of its own: some are unkind in one way only. */
export function drawHostility(random: Random): Hostility {
  const some = <T>(value: () => T, none: T): T => (random.chance(0.65) ? value() : none);
  return {
    jitterMs: some(() => random.pick([1, 5, 40, 300]), 0),
    tokenWaitMs: some(() => random.pick([1, 4, 30]), 0),
    hole: some(() => random.pick([0.1, 0.5, 0.9]), 0),
    splinter: some(() => random.pick([0.1, 0.4]), 0),
    oneByOne: some(() => random.pick([0.3, 1]), 0),
    quorumLagMs: some(() => random.pick([1, 20, 500]), 0),
    spread: some(() => random.pick([0.2, 0.9]), 0),
    refuse: some(() => random.pick([0.002, 0.02]), 0),
    guardLagMs: some(() => random.pick([5, 2_000]), 0),
  };
}
