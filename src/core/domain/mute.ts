/**
 * Leaving out whoever stands still: one who says no hello, one who owes the ledger, a master that decides
 * nothing. Its node keeps its grace, as if its daemon had died. Decided by a message, so that everybody goes on
 * without it at the same point of the order. Source: docs/protocol.md, "A view change" 2.
 */
import { type NodeId, type ProcessRef, processKey, sameIncarnation } from "../ids.ts";
import { LOCKS_EMPTY } from "../locks/table.ts";
import { type Ring, type Turn, WATCH_EMPTY } from "../state.ts";
import {
  byNode,
  emit,
  firstTime,
  forgetSent,
  isMaster,
  log,
  multicast,
  name,
  nodeOfKey,
  selfKey,
  speakers,
  update,
  updateRing,
} from "../turn.ts";
import { awaited, silenceUntil } from "./silence.ts";
import { chooseMaster, compareNotes, EXIT_RESTART } from "./sync.ts";
import { suspect } from "./view.ts";

/** Asks the group to go on without the silent, once their time is up. A master is asked first. */
export function muteTheSilent(turn: Turn): void {
  const { ring } = turn.state;
  const until = silenceUntil(turn.state);
  if (ring === undefined || until === undefined || turn.now.mono < until) return;
  if (ring.behindHole === true) {
    const why = "a part of the base ledger never came, although the ring went on";
    emit(turn, { type: "exit", code: EXIT_RESTART, why }); // The others have it, and go on by it.
    return;
  }
  if (ring.phase === "synced" && ring.askedAt === undefined) {
    if (firstTime(turn, "probe")) multicast(turn, { type: "probe" });
    return;
  }
  for (const process of awaited(ring)) {
    if (firstTime(turn, `mute ${process}`)) multicast(turn, { type: "mute", process });
  }
}

/** Somebody waits for the master. From here on it counts, for the master too, whether it says anything. */
export function onProbe(turn: Turn): void {
  if (turn.state.ring?.askedAt === undefined) updateRing(turn, { askedAt: turn.now.mono });
  if (isMaster(turn.state)) multicast(turn, { type: "here" });
}

function withoutQuestion(ring: Ring): Ring {
  if (ring.askedAt === undefined) return ring;
  const { askedAt: _answered, ...rest } = ring;
  return rest;
}

/** The master said something, whatever it was. */
export function noteMaster(turn: Turn, from: ProcessRef): void {
  const ring = turn.state.ring;
  const key = processKey(from);
  if (ring?.master !== key) return;
  update(turn, { ring: { ...withoutQuestion(ring), masterHeardAt: turn.now.mono } });
  forgetSent(turn, "probe");
  forgetSent(turn, `mute ${key}`);
}

/** Is it still silent, at this point of the order? A word that came meanwhile ends the matter. */
function isStillSilent(ring: Ring, process: string): boolean {
  if (ring.muted.includes(process) || !ring.members.some((one) => processKey(one) === process)) return false;
  return awaited(ring).includes(process) && (ring.phase !== "synced" || ring.askedAt !== undefined);
}

export function onMute(turn: Turn, process: string): void {
  const ring = turn.state.ring;
  if (ring === undefined || !isStillSilent(ring, process)) return;
  if (process === selfKey(turn.state)) {
    const why = "the others heard nothing from this daemon and went on";
    emit(turn, { type: "exit", code: EXIT_RESTART, why });
    return;
  }
  const node = nodeOfKey(process);
  const who = name(turn.state, node);
  log(turn, "warn", "mute", `process ${process} of ${who} says nothing; going on without it`, node);
  const hellos = new Map(ring.hellos);
  hellos.delete(process);
  updateRing(turn, { muted: [...ring.muted, process], hellos });
  // Another process of the node may speak: for the run that is a member, or for one after it.
  const member = byNode(turn.state.ledger.members, node);
  const speaks = [...hellos].some(
    ([key, hello]) => nodeOfKey(key) === node && sameIncarnation(member, hello.incarnation),
  );
  if (!speaks) suspect(turn, node);
  if (ring.phase === "synced") succeed(turn, node);
  else {
    updateRing(turn, { phase: "hellos", authority: [], table: LOCKS_EMPTY });
    compareNotes(turn);
  }
}

/** Everybody who is left has the same ledger: one of them goes on where the master stopped. */
function succeed(turn: Turn, gone: NodeId): void {
  const ring = turn.state.ring;
  if (ring === undefined) return;
  const spoke = speakers(ring)
    .map(processKey)
    .filter((key) => ring.hellos.has(key));
  const roles = new Map([...ring.roles].filter(([key]) => spoke.includes(key)));
  const known = ring.authority.filter((key) => spoke.includes(key));
  const keys = known.length > 0 ? known : spoke.slice(0, 1);
  const master = chooseMaster(turn, { keys, live: true }, roles);
  const { askedAt: _over, proposal: _void, ...rest } = ring;
  const heard = { master, masterHeardAt: turn.now.mono, quorate: false, quorumVotes: 0 };
  const { holds, graceUntil } = turn.state.watch;
  update(turn, {
    ring: { ...rest, ...heard, roles, authority: keys },
    watch: { ...WATCH_EMPTY, holds, graceUntil },
  });
  const who = `${name(turn.state, nodeOfKey(master))} goes on for ${name(turn.state, gone)}`;
  log(turn, "info", "master", `${who} as master`);
}
