/** Attempts that ended without a word: the ring that should have carried their result broke. */
import { processKey } from "../ids.ts";
import type { Hello } from "../messages.ts";
import type { Ring, Turn } from "../state.ts";
import { updateLedger } from "../turn.ts";

/**
 * An executor that is present says in its hello which shots it has under way. An attempt that it
 * does not name is over, and nobody must wait for its time limit. Order: everyone calls this at the
 * end of the sync, with the same hellos and the same ledger.
 */
export function endLostAttempts(turn: Turn, ring: Ring): void {
  const helloOf = (node: number): Hello | undefined => {
    const process = ring.members.find((one) => one.nodeId === node && ring.hellos.has(processKey(one)));
    return process === undefined ? undefined : ring.hellos.get(processKey(process));
  };
  const isLost = (node: number, executor: number | undefined, attempt: number): boolean => {
    const hello = executor === undefined ? undefined : helloOf(executor);
    return hello !== undefined && !hello.shots.some((shot) => shot.node === node && shot.attempt === attempt);
  };
  const { victims, shots } = turn.state.ledger;
  const reason = "the last attempt ended, but the ring broke before its result was heard";
  updateLedger(turn, {
    victims: victims.map((victim) =>
      victim.stage === "fencing" && isLost(victim.node, victim.executor, victim.attempt)
        ? { ...victim, stage: "waiting" as const, reason }
        : victim,
    ),
    shots: shots.map((shot) =>
      shot.active && isLost(shot.node, shot.executor, shot.attempt) ? { ...shot, active: false } : shot,
    ),
  });
}
