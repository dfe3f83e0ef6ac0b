/** Coming and going in a ring that is synced: join, leave, and a daemon whose grace is over. */
import { addVictim, updateVictim } from "../fencing/victims.ts";
import { type ProcessRef, processKey, sameIncarnation } from "../ids.ts";
import { compareOwn } from "../locks/compare.ts";
import { dropLocksOf } from "../locks/recover.ts";
import type { Body, Hello } from "../messages.ts";
import type { Turn } from "../state.ts";
import {
  byNode,
  forgetSent,
  log,
  multicast,
  name,
  update,
  updateLedger,
  updateRing,
  withNode,
  withoutNode,
} from "../turn.ts";
import { baseWord, welcome } from "./admit.ts";
import { persist } from "./epoch.ts";
import { isClean } from "./hello.ts";

type Join = Extract<Body, { type: "join" }>;

/** Asks for admission. Nothing is true until it is delivered. */
export function askToJoin(turn: Turn): void {
  const { ring, incarnation, wants, ledger, nodeId, watch } = turn.state;
  if (wants !== "join" || ring?.phase !== "synced" || watch.sent.has("join")) return;
  const member = byNode(ledger.members, nodeId);
  if (member !== undefined || !isClean(turn.state)) return;
  update(turn, { watch: { ...watch, sent: new Set(watch.sent).add("join") } });
  multicast(turn, { type: "join", incarnation, clean: true, wall: turn.now.wall });
}

/** The demand and the clock are those of the ring's base, so that all judge alike. */
export function onJoin(turn: Turn, from: ProcessRef, join: Join): void {
  const ring = turn.state.ring;
  const key = processKey(from);
  const hello = ring?.hellos.get(key);
  const source = ring?.authority[0];
  if (ring === undefined || hello === undefined || source === undefined || !join.clean) return;
  if (!sameIncarnation(hello.incarnation, join.incarnation)) return;
  if (byNode(turn.state.ledger.members, from.nodeId) !== undefined) return;
  const base = baseWord(source, ring.hellos.get(source) as Hello);
  if (!welcome(turn, from.nodeId, { ...hello, wants: "join" }, { ...base, wall: join.wall })) return;
  updateRing(turn, {
    hellos: new Map(ring.hellos).set(key, { ...hello, wants: "join", clean: true, expelled: false }),
    roles: new Map(ring.roles).set(key, "newcomer"),
  });
  if (from.nodeId === turn.state.nodeId) {
    const { outside: _outside, ...rest } = turn.state;
    turn.state = rest;
  }
  log(turn, "info", "joined", `${name(turn.state, from.nodeId)} joined the fence domain`, from.nodeId);
}

/**
 * An orderly goodbye: it guards nothing any more, so it will not be missed. Remembered durably by
 * everybody present, so that the next cold start does not look for it.
 */
export function onLeave(turn: Turn, from: ProcessRef): void {
  const { ledger, durable } = turn.state;
  const node = from.nodeId;
  if (byNode(ledger.members, node) === undefined) return;
  const departed = withNode(ledger.departed, { node, epoch: ledger.epoch.n });
  updateLedger(turn, { members: withoutNode(ledger.members, node), departed });
  dropLocksOf(turn, node);
  log(turn, "info", "left", `${name(turn.state, node)} left the fence domain`, node);
  if (node === turn.state.nodeId) {
    // The epoch that knew it may be replaced by one without it while it asks to come back.
    const localFreeze = "this node left; an epoch with it must be established anew";
    update(turn, { wants: "none", leaving: false, localFreeze, letGo: false });
    forgetSent(turn, "join"); // It may come back, and go again, in the same ring.
    forgetSent(turn, "leave");
    compareOwn(turn);
  }
  const known = withNode(durable.departed, { node, epoch: Math.max(ledger.epoch.n, durable.n) });
  persist(turn, { ...durable, departed: known });
}

/** Only the master says so. A daemon that came back in the meantime is no suspect any more. */
export function onGraceOver(turn: Turn, from: ProcessRef, body: Extract<Body, { type: "grace-over" }>): void {
  if (turn.state.ring?.master !== processKey(from)) return;
  const suspect = byNode(turn.state.ledger.suspects, body.node);
  if (!sameIncarnation(suspect?.incarnation, body.incarnation)) return;
  addVictim(turn, body.node, body.incarnation, "process-down");
  updateVictim(turn, body.node, { firstSeenAt: body.missedAt });
}
