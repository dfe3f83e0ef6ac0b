/**
 * The master's side: who shoots at whom and when, and when a victim is done. Victims are
 * independent of one another (I4). Source: docs/protocol.md, "Fencing a victim".
 */
import { nodeById } from "../config.ts";
import { type Millis, type NodeId, processKey, sameBoot } from "../ids.ts";
import type { DoneHow, Shot, Victim } from "../ledger.ts";
import type { Held, State, Turn } from "../state.ts";
import {
  byNode,
  firstTime,
  forgetSentAbout,
  log,
  multicast,
  name,
  nodeOfKey,
  speakers,
  updateWatch,
  withEntry,
  withoutEntry,
} from "../turn.ts";
import { anySuffices, saysOff } from "./evidence.ts";
import { hasMethod, holdFor } from "./hold.ts";
import { READ_WINDOW_MS } from "./operation.ts";

/** Longest pause between two rounds. */
export const ROUND_PAUSE_MS_MAX: Millis = 30_000;
/** What a step may take beyond its agents' budgets: ending a hung group, messages. */
const STEP_SLACK_MS: Millis = 15_000;

/** Members that can shoot now, the master first, then by node id: each victim starts at another. */
export function candidates(state: State, target: NodeId, index: number): readonly NodeId[] {
  const ring = state.ring;
  if (ring === undefined) return [];
  const present = new Set(
    speakers(ring)
      .filter((p) => ring.hellos.has(processKey(p)))
      .map((p) => p.nodeId),
  );
  const able = state.ledger.members.map((m) => m.node).filter((node) => node !== target && present.has(node));
  const master = ring.master === undefined ? undefined : nodeOfKey(ring.master);
  const first = master === undefined ? -1 : able.indexOf(master);
  const start = (Math.max(0, first) + index) % Math.max(1, able.length);
  return [...able.slice(start), ...able.slice(0, start)];
}

/** The longest that one step of the node's plan may take until something is heard of it. */
function stepLimit(state: State, node: NodeId): Millis {
  const methods = nodeById(state.config, node)?.methods ?? [];
  const budgets = methods.flatMap((method) => method.devices.map((use) => use.budgetMs));
  return 2 * Math.max(0, ...budgets) + READ_WINDOW_MS + STEP_SLACK_MS;
}

export function watchAttempt(turn: Turn, node: NodeId): void {
  const until = turn.now.mono + stepLimit(turn.state, node);
  updateWatch(turn, { attemptUntil: withEntry(turn.state.watch.attemptUntil, node, until) });
}

function isRunning(turn: Turn, target: Victim | Shot, running: boolean): boolean {
  if (!running || target.executor === undefined) return false;
  if (!candidates(turn.state, target.node, 0).includes(target.executor)) return false;
  const until = turn.state.watch.attemptUntil.get(target.node);
  if (until === undefined) {
    watchAttempt(turn, target.node);
    return true;
  }
  return turn.now.mono < until;
}

/** Whether the proof stands without the operator's word decides what the history says. */
function howDone(state: State, victim: Victim): DoneHow {
  const devices = victim.evidence.filter((item) => item.grade !== "H");
  if (!anySuffices(devices, state.config.fenceDaemon.evidence)) return "override";
  return victim.requestedBy === undefined ? "agent" : "external";
}

/**
 * A device that reads off while the victim itself is still in the view is not believed yet: either
 * its departure follows within the token's time, or it speaks and the proof is void. A person's word
 * was given in knowledge of that, and who has no key to the disks any more may speak as long as it likes,
 * where that is enough.
 */
function isFinal(state: State, victim: Victim): boolean {
  const { evidence: demand } = state.config.fenceDaemon;
  const lasting = victim.evidence.filter((item) => !saysOff(item));
  if (anySuffices(lasting, demand)) return true;
  const ring = state.ring;
  if (ring === undefined || victim.incarnation === undefined) return true;
  return ![...ring.hellos.entries()].some(
    ([key, hello]) => nodeOfKey(key) === victim.node && sameBoot(hello.incarnation, victim.incarnation),
  );
}

/** How long a victim that reads off may stay in the view: more than any token's time. */
export const DEPARTURE_MS: Millis = 15_000;

/** It does not go although it is off: the device that was read is another node's, or it lies. */
function awaitDeparture(turn: Turn, victim: Victim): void {
  const until = turn.state.watch.attemptUntil.get(victim.node) ?? 0;
  if (firstTime(turn, `departure ${victim.node} ${victim.attempt}`)) {
    const at = turn.now.mono + DEPARTURE_MS;
    updateWatch(turn, { attemptUntil: withEntry(turn.state.watch.attemptUntil, victim.node, at) });
  } else if (turn.now.mono >= until && firstTime(turn, `void ${victim.node} ${victim.attempt}`)) {
    const reason =
      "a device read off, but its daemon is still in the group: is the device wired to another node?";
    const pause = turn.state.config.fenceDaemon.overrideTimeMs;
    updateWatch(turn, { retryAt: withEntry(turn.state.watch.retryAt, victim.node, turn.now.mono + pause) });
    const { node, rounds } = victim;
    multicast(turn, { type: "victim-state", node, stage: "stuck", reason, rounds: rounds + 1, isVoid: true });
  }
}

/** The end of this victim is on its way: ordered before whatever the master sends from now on. */
export function isDoneSent(state: State, victim: Victim): boolean {
  return state.watch.sent.has(`done ${victim.node} ${victim.sinceAttempt}`);
}

function sendDone(turn: Turn, victim: Victim): void {
  if (!firstTime(turn, `done ${victim.node} ${victim.sinceAttempt}`)) return;
  multicast(turn, {
    type: "victim-done",
    node: victim.node,
    ...(victim.incarnation === undefined ? {} : { incarnation: victim.incarnation }),
    how: howDone(turn.state, victim),
    wall: turn.now.wall,
    configVersion: turn.state.config.version,
    name: name(turn.state, victim.node),
  });
}

function sendState(
  turn: Turn,
  victim: Victim,
  stage: "waiting" | "stuck",
  reason: string,
  rounds: number,
): void {
  if (victim.stage === stage && victim.reason === reason && victim.rounds === rounds) return;
  if (!firstTime(turn, `state ${victim.node} ${stage} ${rounds} ${reason}`)) return;
  multicast(turn, { type: "victim-state", node: victim.node, stage, reason, rounds });
}

function sendStart(turn: Turn, target: Victim | Shot, executor: NodeId, by?: string): void {
  // What was sent about a shot says nothing of the victim that the node has become since.
  const run = target.incarnation?.start ?? "";
  if (!firstTime(turn, `start ${target.node} ${run} ${target.sinceAttempt} ${target.attempts}`)) return;
  multicast(turn, {
    type: "fence-start",
    node: target.node,
    ...(target.incarnation === undefined ? {} : { incarnation: target.incarnation }),
    executor,
    ...(by === undefined ? {} : { by }),
    wall: turn.now.wall,
  });
}

function roundOver(turn: Turn, victim: Victim): void {
  const pause = Math.min(
    ROUND_PAUSE_MS_MAX,
    turn.state.config.fenceDaemon.overrideTimeMs * 2 ** Math.min(victim.rounds, 10),
  );
  updateWatch(turn, { retryAt: withEntry(turn.state.watch.retryAt, victim.node, turn.now.mono + pause) });
  forgetSentAbout(turn, victim.node);
  sendState(turn, victim, "stuck", victim.reason, victim.rounds + 1);
}

/** How long the guards of a victim that speaks may take to answer that it is clean. */
const GUARDS_MS: Millis = 5_000;

/** It is there, holds its own storage, and is about to say what it uses: it may be clean (I5). */
function isAnswerAwaited(turn: Turn, victim: Victim): boolean {
  const ring = turn.state.ring;
  if (ring === undefined) return false;
  const asks = [...ring.hellos].some(
    ([key, hello]) => nodeOfKey(key) === victim.node && hello.asking === true && !hello.clean,
  );
  if (!asks) return false;
  const { answerUntil } = turn.state.watch;
  const until = answerUntil.get(victim.node);
  if (until !== undefined) return turn.now.mono < until;
  const at = turn.now.mono + GUARDS_MS;
  updateWatch(turn, { answerUntil: withEntry(answerUntil, victim.node, at) });
  return true;
}

function sayAnswerAwaited(turn: Turn, victim: Victim): void {
  if (victim.stage !== "waiting") return;
  const who = name(turn.state, victim.node);
  const reason = `${who} is there and is asked what it uses, for ${GUARDS_MS / 1_000} s at most`;
  sendState(turn, victim, "waiting", reason, victim.rounds);
}

/** Answers false while the victim's first shot must wait. */
function holdIsOver(turn: Turn, victim: Victim): boolean {
  const hold = turn.state.watch.holds.get(victim.node) ?? beginHold(turn, victim);
  if (turn.now.mono >= hold.until) return true;
  sendState(turn, victim, "waiting", hold.why, victim.rounds);
  return false;
}

function beginHold(turn: Turn, victim: Victim): Held {
  const { ms, why } = holdFor(turn.state, victim);
  const hold = { until: turn.now.mono + ms, why };
  updateWatch(turn, { holds: withEntry(turn.state.watch.holds, victim.node, hold) });
  return hold;
}

function driveVictim(turn: Turn, victim: Victim, index: number): void {
  if (anySuffices(victim.evidence, turn.state.config.fenceDaemon.evidence)) {
    if (isFinal(turn.state, victim)) sendDone(turn, victim);
    else awaitDeparture(turn, victim);
    return;
  }
  // The master's own votequorum decides; its "quorate" is ordered before whatever it sends now.
  if (turn.state.quorum?.quorate !== true) return;
  if (isRunning(turn, victim, victim.stage === "fencing")) return;
  if (!hasMethod(turn.state, victim.node)) {
    const who = name(turn.state, victim.node);
    sendState(turn, victim, "stuck", `no fence method is configured for ${who}`, victim.rounds);
    return;
  }
  const retryAt = turn.state.watch.retryAt.get(victim.node);
  if (retryAt !== undefined && turn.now.mono < retryAt) return;
  // Both begin now: neither waits for the other.
  const isAsked = isAnswerAwaited(turn, victim);
  if (!victim.begun && victim.stage !== "stuck" && !holdIsOver(turn, victim)) return;
  if (isAsked) {
    sayAnswerAwaited(turn, victim);
    return;
  }
  const able = candidates(turn.state, victim.node, index + victim.rounds);
  const hung = victim.stage === "fencing" ? victim.executor : undefined;
  const next = able.find((node) => !victim.tried.includes(node) && node !== hung);
  if (next !== undefined) sendStart(turn, victim, next);
  else if (able.length > 0) roundOver(turn, victim);
  else if (victim.stage === "fencing") {
    sendState(turn, victim, "stuck", "its executor is gone, and no other member is here", victim.rounds);
  }
}

/** How long a node that was read off may take to be missed, before the reading counts as wrong. */
const SHOT_PROOF_MS: Millis = 60_000;

/** I3: proof of a shot must not wait for ever for an incident that it could then end. */
function outliveShot(turn: Turn, shot: Shot): void {
  const until = turn.state.watch.retryAt.get(shot.node);
  if (until === undefined) {
    const at = turn.now.mono + SHOT_PROOF_MS;
    updateWatch(turn, { retryAt: withEntry(turn.state.watch.retryAt, shot.node, at) });
  } else if (turn.now.mono >= until && firstTime(turn, `shot-end ${shot.node} ${shot.attempt}`)) {
    multicast(turn, { type: "shot-end", node: shot.node, attempt: shot.attempt });
  }
}

/** A shot that a person asked for: each member tries once, then it is over. */
function driveShot(turn: Turn, shot: Shot): void {
  if (shot.evidence.length > 0) {
    outliveShot(turn, shot);
    return;
  }
  if (isRunning(turn, shot, shot.active)) return;
  const hung = shot.active ? shot.executor : undefined;
  const next = candidates(turn.state, shot.node, 0).find(
    (node) => !shot.tried.includes(node) && node !== hung,
  );
  if (next !== undefined) sendStart(turn, shot, next, shot.requestedBy);
  else if (firstTime(turn, `shot-end ${shot.node} ${shot.attempt}`)) {
    multicast(turn, { type: "shot-end", node: shot.node, attempt: shot.attempt });
  }
}

function driveSuspects(turn: Turn): void {
  const { suspects } = turn.state.ledger;
  for (const { node, incarnation } of suspects) {
    const known = turn.state.watch.graceUntil.get(node);
    const until = known ?? turn.now.mono + turn.state.config.fenceDaemon.daemonRestartGraceMs;
    if (known === undefined) {
      updateWatch(turn, { graceUntil: withEntry(turn.state.watch.graceUntil, node, until) });
    } else if (turn.now.mono >= until && firstTime(turn, `grace ${node} ${incarnation.start}`)) {
      log(
        turn,
        "warn",
        "grace-over",
        `the daemon of ${name(turn.state, node)} did not come back in time`,
        node,
      );
      const missedAt = turn.state.missedAt.get(node) ?? turn.now.wall;
      multicast(turn, { type: "grace-over", node, incarnation, missedAt });
    }
  }
}

/** Timers of nodes that are no victims (or suspects) any more must not meet the next incident. */
function forgetOld(turn: Turn): void {
  const { victims, suspects, shots } = turn.state.ledger;
  const keep = (node: NodeId): boolean =>
    byNode(victims, node) !== undefined || byNode(shots, node) !== undefined;
  let watch = turn.state.watch;
  for (const node of watch.holds.keys())
    if (!keep(node)) watch = { ...watch, holds: withoutEntry(watch.holds, node) };
  for (const node of watch.retryAt.keys())
    if (!keep(node)) watch = { ...watch, retryAt: withoutEntry(watch.retryAt, node) };
  for (const node of watch.attemptUntil.keys()) {
    if (!keep(node)) watch = { ...watch, attemptUntil: withoutEntry(watch.attemptUntil, node) };
  }
  for (const node of watch.graceUntil.keys()) {
    if (byNode(suspects, node) === undefined)
      watch = { ...watch, graceUntil: withoutEntry(watch.graceUntil, node) };
  }
  if (watch !== turn.state.watch) updateWatch(turn, watch);
}

export function driveFencing(turn: Turn): void {
  forgetOld(turn);
  driveSuspects(turn);
  turn.state.ledger.victims.forEach((victim, index) => {
    driveVictim(turn, victim, index);
  });
  for (const shot of turn.state.ledger.shots) driveShot(turn, shot);
}
