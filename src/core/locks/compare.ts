/** In a new ring, own locks and the ledger are compared: what did not get through is said again. */
import type { Turn } from "../state.ts";
import { isMember, log } from "../turn.ts";
import { dropOwn, giveUpKept, putOwn, tell, updateLocks } from "./local.ts";
import { chained, type OwnLock, ownLocks } from "./own.ts";
import { findLock, keyOf, type Lock, type Resource } from "./resource.ts";
import { unkeep, waitedFor } from "./sticky.ts";
import { getResource } from "./table.ts";
import type { LockEvent } from "./types.ts";

/** Also after this node left or was left behind: whatever the ledger does not know is lost then. */
export function compareOwn(turn: Turn): void {
  const { outside, ring, nodeId, ledger } = turn.state;
  const ids: number[] = [];
  const events: LockEvent[] = [];
  const isAdmitted = isMember(turn.state);
  const left = outside?.role === "stray" || outside?.role === "refused";
  for (const lock of [...ownLocks(turn.state.locks)].sort((a, b) => a.id - b.id)) {
    const resource = getResource(ledger.locks, keyOf(lock.lockspace, lock.name));
    const known = resource === undefined ? undefined : findLock(resource, nodeId, lock.id);
    const gone = left || known?.mode === undefined;
    if (lock.kept === true) {
      if (gone) forgetKept(turn, lock);
      else if (resource !== undefined && waitedFor(resource, lock, nodeId) !== undefined) {
        giveUpKept(turn, lock);
        ids.push(lock.id);
      }
    } else if (lock.held !== undefined && lock.goal !== "gone" && gone) {
      events.push(lose(turn, lock, outside?.why ?? "the domain does not know of it any more"));
    } else if (lock.lost !== true && !(isAdmitted && isSettled(lock, resource, known))) {
      if (lock.goal === "gone" && left) {
        dropOwn(turn, lock.id);
        events.push({ type: "released", id: lock.id });
      } else {
        ids.push(lock.id);
        const mode = resource === undefined ? undefined : waitedFor(resource, lock, nodeId);
        if (mode !== undefined && lock.held !== undefined)
          events.push({ type: "blocking", id: lock.id, mode });
      }
    }
  }
  const lost = events.filter((event) => event.type === "lost").length;
  if (lost > 0)
    log(turn, "error", "locks-lost", `locks of this node that are lost, their owners are told: ${lost}`);
  updateLocks(turn, {
    outgoing: chained(undefined, ids),
    backlog: undefined,
    telling: chained(undefined, ids),
    ...(ring === undefined ? {} : { comparedIn: ring.id }),
  });
  tell(turn, ...events);
}

/** The others know what its owner knows, and nobody waits: most locks, and there may be many. */
function isSettled(
  { held, goal }: OwnLock,
  resource: Resource | undefined,
  known: Lock | undefined,
): boolean {
  if (resource === undefined || resource.converting.length + resource.waiting.length > 0) return false;
  return held !== undefined && held === goal && known?.mode === held;
}

/** Nobody uses it, so nobody is told. */
function forgetKept(turn: Turn, lock: OwnLock): void {
  unkeep(turn, lock);
  dropOwn(turn, lock.id);
}

function lose(turn: Turn, lock: OwnLock, why: string): LockEvent {
  const { held: _held, ...rest } = lock;
  putOwn(turn, { ...rest, lost: true });
  return { type: "lost", id: lock.id, why };
}
