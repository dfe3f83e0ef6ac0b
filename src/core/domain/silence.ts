/**
 * How long anybody is waited for, and who says so when it is over. A daemon that stands still and keeps its
 * place in the group is not missed by the engine: without an end of waiting it would hold everybody.
 */
import { type Millis, processKey } from "../ids.ts";
import type { Ring, State } from "../state.ts";
import { selfKey, speakers } from "../turn.ts";

/** Until the base's ledger is there, counted from the last hello. */
export const SNAPSHOT_TIMEOUT_MS: Millis = 15_000;
/** Nothing heard of the master while something waits for it: it is asked. More than systemd's watchdog takes. */
export const MASTER_SILENT_MS: Millis = 15_000;
/** Until it has answered. */
export const ANSWER_TIMEOUT_MS: Millis = 15_000;
/** One after the other asks: the first one may be the next that stands still. */
const TURN_MS: Millis = 1_000;

/** Whose word is needed now, by process key: of all silent ones while hellos are due, else of one. */
export function awaited(ring: Ring): readonly string[] {
  if (ring.phase !== "hellos") {
    const key = leader(ring);
    return key === undefined ? [] : [key];
  }
  return speakers(ring)
    .map(processKey)
    .filter((key) => !ring.hellos.has(key));
}

/** Who sends the base's ledger, then who decides; undefined while hellos are due. */
function leader(ring: Ring): string | undefined {
  if (ring.phase === "hellos") return undefined;
  return ring.phase === "synced" ? ring.master : ring.authority[0];
}

/** This process's place among those who may ask; undefined: it is one of those who are awaited. */
function placeOf(state: State, ring: Ring): number | undefined {
  const self = selfKey(state);
  const silent = leader(ring);
  let place = 0;
  for (const member of ring.members) {
    const key = processKey(member);
    if (!ring.hellos.has(key) || key === silent || ring.muted.includes(key)) continue;
    if (key === self) return place;
    place++;
  }
  return undefined;
}

/** When the present waiting has lasted too long for this process. Shape: undefined when nothing is waited for. */
export function silenceUntil(state: State): Millis | undefined {
  const ring = state.ring;
  if (ring === undefined) return undefined;
  if (ring.phase === "synced" && state.ledger.open) return undefined; // Nobody needs the master's word.
  const place = placeOf(state, ring);
  if (place === undefined) return undefined;
  const turn = place * TURN_MS;
  if (ring.phase !== "synced") return ring.helloUntil + turn;
  if (ring.askedAt !== undefined) return ring.askedAt + ANSWER_TIMEOUT_MS + turn;
  return (ring.masterHeardAt ?? 0) + MASTER_SILENT_MS + turn;
}
