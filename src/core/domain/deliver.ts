/** Which message may do what, and when. A message of another ring does nothing at all. */
import { unreachable } from "../assert.ts";
import { onRevert } from "../configuration/activate.ts";
import { onDocument } from "../configuration/documents.ts";
import { onConfigBody } from "../configuration/requests.ts";
import { onWeighed } from "../configuration/stage.ts";
import {
  onAck,
  onFenceProgress,
  onFenceResult,
  onFenceStart,
  onShoot,
  onShotEnd,
  onVictimDone,
  onVictimState,
  refuteProof,
} from "../fencing/deliver.ts";
import { type ProcessRef, processKey } from "../ids.ts";
import { onLockGrants, onLockOps } from "../locks/deliver.ts";
import { onLockClaims, onLockTable } from "../locks/recover.ts";
import type { Body, Message } from "../messages.ts";
import type { Turn } from "../state.ts";
import { forgetSent, log, name, nodeOfKey, selfKey, update, updateRing } from "../turn.ts";
import { onPersisted, onPropose, onQuorumVotes, persistHeld } from "./epoch.ts";
import { onGraceOver, onJoin, onLeave } from "./membership.ts";
import { noteMaster, onMute, onProbe } from "./mute.ts";
import { onStartupVictims } from "./startup.ts";
import { onHello, onSnapshot } from "./sync.ts";

type Aside = Extract<Body, { type: "readiness" | "volume-refresh" | "volume-refreshed" }>;

/** Decides nothing here: see readiness/, and locks/volumes.ts. */
function isAside(body: Body): body is Aside {
  return body.type === "readiness" || body.type === "volume-refresh" || body.type === "volume-refreshed";
}

export function onDeliver(turn: Turn, from: ProcessRef, message: Message): void {
  const ring = turn.state.ring;
  if (ring === undefined || message.ring !== ring.id) return;
  const key = processKey(from);
  if (!ring.members.some((member) => processKey(member) === key)) return;
  const { body } = message;
  if (ring.muted.includes(key) || isAside(body)) return;
  if (body.type === "hello") onHello(turn, from, body);
  else if (body.type === "lock-claims") onLockClaims(turn, from, body.claims);
  else if (!ring.hellos.has(key))
    return; // Nobody is believed before its hello.
  else if (body.type === "mute") onMute(turn, body.process);
  else if (body.type === "lock-table") onLockTable(turn, from, body.resources);
  else if (body.type === "snapshot") onSnapshot(turn, from, body);
  else if (ring.phase === "synced") {
    noteMaster(turn, from);
    refuteProof(turn, from);
    onSynced(turn, from, body);
  }
}

function onSynced(
  turn: Turn,
  from: ProcessRef,
  body: Exclude<Body, Aside | { type: "hello" | "mute" | "snapshot" | "lock-claims" | "lock-table" }>,
): void {
  switch (body.type) {
    case "probe":
      return onProbe(turn);
    case "here":
      return;
    case "startup-victims":
      return onStartupVictims(turn, from, body.victims);
    case "quorate":
      return onQuorate(turn, from, body.quorumVotes);
    case "inquorate":
      return onInquorate(turn, from);
    case "need-epoch":
      return needEpoch(turn);
    case "join":
      return onJoin(turn, from, body);
    case "leave":
      return onLeave(turn, from);
    case "propose":
      return onPropose(turn, from, body);
    case "persisted":
      return onPersisted(turn, from, body);
    case "grace-over":
      return onGraceOver(turn, from, body);
    case "fence-start":
      return onFenceStart(turn, from, body);
    case "fence-progress":
      return onFenceProgress(turn, body);
    case "fence-result":
      return onFenceResult(turn, from, body);
    case "shot-end":
      return onShotEnd(turn, from, body);
    case "victim-state":
      return onVictimState(turn, from, body);
    case "victim-done":
      return onVictimDone(turn, from, body);
    case "shoot":
      return onShoot(turn, from, body);
    case "ack":
      return onAck(turn, from, body);
    case "document":
      onDocument(turn, body.digest);
      return persistHeld(turn);
    case "weighed":
      return onWeighed(turn, from, body);
    case "stage":
    case "activate":
    case "confirm":
    case "discard":
      return onConfigBody(turn, body, processKey(from) === selfKey(turn.state) ? "mine" : "another's");
    case "revert":
      return turn.state.ring?.master === processKey(from) ? onRevert(turn, body) : undefined;
    case "lock-ops":
      return onLockOps(turn, from, body);
    case "lock-grants":
      return onLockGrants(turn, from, body);
    default:
      return unreachable(body);
  }
}

function onQuorate(turn: Turn, from: ProcessRef, quorumVotes: number): void {
  if (turn.state.ring?.master !== processKey(from)) return;
  if (!turn.state.ring.quorate)
    log(turn, "info", "quorate", `${name(turn.state, from.nodeId)} has a quorum (${quorumVotes} needed)`);
  forgetSent(turn, `quorate ${quorumVotes}`); // Quorum may come and go within one ring.
  updateRing(turn, { quorate: true, quorumVotes });
  onQuorumVotes(turn, quorumVotes);
}

function onInquorate(turn: Turn, from: ProcessRef): void {
  if (turn.state.ring?.master !== processKey(from)) return;
  forgetSent(turn, "inquorate");
  const { proposal: _void, ...ring } = turn.state.ring;
  update(turn, { ring: { ...ring, quorate: false } });
  log(turn, "warn", "inquorate", `${name(turn.state, nodeOfKey(processKey(from)))} lost the quorum`);
}

/** Somebody's own gate is shut: the master establishes the same epoch anew. */
function needEpoch(turn: Turn): void {
  const { watch, ring } = turn.state;
  if (ring?.master !== selfKey(turn.state)) return;
  update(turn, { watch: { ...watch, sent: new Set(watch.sent).add("need-epoch") } });
}
