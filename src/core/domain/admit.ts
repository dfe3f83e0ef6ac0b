/**
 * From the base ledger and the hellos to the ledger of the new ring: every process computes the
 * same. Source: docs/protocol.md, "A view change" 3.
 */

import type { Grade } from "../config.ts";
import { afterSpeech, anySuffices, saysOff } from "../fencing/evidence.ts";
import { closeIncident, dropVictim } from "../fencing/incidents.ts";
import { addVictim, updateVictim } from "../fencing/victims.ts";
import { type NodeId, sameBoot, sameIncarnation, type WallMillis } from "../ids.ts";
import type { Evidence } from "../ledger.ts";
import { adoptLockClaims, conflictingNodes, dropLocksOf } from "../locks/recover.ts";
import type { Hello } from "../messages.ts";
import type { Role, Turn } from "../state.ts";
import {
  byNode,
  log,
  name,
  nodeOfKey,
  update,
  updateLedger,
  withNode,
  withoutEntry,
  withoutNode,
} from "../turn.ts";
import { type Forgotten, forgottenMembers } from "./cold.ts";
import { judgeProcess } from "./roles.ts";

/** What the process whose ledger is the base says once for all: one clock, one demand. */
export interface BaseWord {
  readonly node: NodeId;
  readonly wall: WallMillis;
  readonly demand: Grade;
}

export function baseWord(key: string, hello: Hello): BaseWord {
  return { node: nodeOfKey(key), wall: hello.wall, demand: hello.evidenceDemand };
}

/**
 * Shots that another side has begun: whoever is their target is a victim here too. Not one of the
 * base itself: it has gone on with the cluster, and a shot of those who were left behind must not
 * take it back. If the shot hits all the same, that is a new failure.
 */
function adoptClaims(turn: Turn, hello: Hello, base: ReadonlySet<NodeId>): void {
  for (const shot of hello.shots) {
    updateLedger(turn, { lastAttempt: Math.max(turn.state.ledger.lastAttempt, shot.attempt) });
    if (base.has(shot.node) && byNode(turn.state.ledger.members, shot.node) !== undefined) continue;
    const { ledger } = turn.state;
    const known = byNode(ledger.members, shot.node) ?? byNode(ledger.suspects, shot.node)?.incarnation;
    const victim = byNode(ledger.victims, shot.node);
    const hits =
      victim === undefined
        ? sameIncarnation(known, shot.incarnation)
        : victim.incarnation === undefined || sameIncarnation(victim.incarnation, shot.incarnation);
    if (!hits) continue;
    addVictim(turn, shot.node, shot.incarnation, "node-down");
    const now = byNode(turn.state.ledger.victims, shot.node);
    if (now === undefined) continue;
    updateVictim(turn, shot.node, { begun: true, sinceAttempt: Math.min(now.sinceAttempt, shot.attempt) });
  }
}

/**
 * Shots of the base's own that are still on their way from an earlier failure of the same run: the
 * ledger that was taken over meanwhile may not know them, and whoever they may hit is not reunited.
 */
function keepClaims(turn: Turn, hello: Hello): void {
  for (const shot of hello.shots) {
    const victim = byNode(turn.state.ledger.victims, shot.node);
    if (victim === undefined || victim.begun || !sameIncarnation(victim.incarnation, shot.incarnation))
      continue;
    updateVictim(turn, shot.node, { begun: true });
  }
}

function returnEvidence(
  hello: Pick<Hello, "incarnation">,
  before: string | undefined,
  by: NodeId,
  wall: number,
): Evidence {
  const rebooted = before !== undefined && before !== hello.incarnation.boot;
  return {
    grade: "C",
    source: rebooted ? "came back after a reboot and guards nothing" : "came back and guards nothing",
    at: wall,
    by,
  };
}

/**
 * Lets a clean process in. If its node was a victim that incident ends here, when the proof is
 * good enough. Shape: true when the node is admitted or was never in question.
 */
export function welcome(
  turn: Turn,
  node: NodeId,
  hello: Pick<Hello, "incarnation" | "name" | "wants" | "configVersion">,
  base: BaseWord,
): boolean {
  const victim = byNode(turn.state.ledger.victims, node);
  if (victim !== undefined) {
    const untouched = victim.cause === "unknown since start" && victim.attempts === 0;
    const proof = returnEvidence(hello, victim.incarnation?.boot, base.node, base.wall);
    // Whoever returns with the boot that a device read off was never off: its daemon alone was started anew.
    const isRefuted = sameBoot(victim.incarnation, hello.incarnation);
    const evidence = [...victim.evidence.filter((item) => !isRefuted || !saysOff(item)), proof];
    if (!untouched && !anySuffices(evidence, base.demand)) return false;
    if (untouched) dropVictim(turn, node);
    else {
      updateVictim(turn, node, { evidence });
      closeIncident(turn, node, {
        how: "member",
        wall: base.wall,
        configVersion: hello.configVersion,
        name: hello.name,
      });
    }
  }
  dropLocksOf(turn, node);
  const { ledger } = turn.state;
  updateLedger(turn, {
    suspects: withoutNode(ledger.suspects, node),
    shots: withoutNode(ledger.shots, node),
    members: withoutNode(ledger.members, node),
  });
  if (hello.wants === "join") admitMember(turn, node, hello);
  return true;
}

export function admitMember(turn: Turn, node: NodeId, hello: Pick<Hello, "incarnation">): void {
  const { ledger } = turn.state;
  updateLedger(turn, {
    members: withNode(ledger.members, { node, ...hello.incarnation }),
    suspects: withoutNode(ledger.suspects, node),
    departed: withoutNode(ledger.departed, node),
  });
  update(turn, { missedAt: withoutEntry(turn.state.missedAt, node) });
}

function reunite(turn: Turn, node: NodeId, hello: Hello, wall: number): void {
  const victim = byNode(turn.state.ledger.victims, node);
  if (victim !== undefined) {
    closeIncident(turn, node, {
      how: "reunited",
      wall,
      configVersion: hello.configVersion,
      name: hello.name,
    });
  }
  admitMember(turn, node, hello);
}

/** Still a victim, or one again: it may write, and nothing that the domain decided binds it. */
function keepOut(turn: Turn, node: NodeId, hello: Hello): void {
  const { ledger } = turn.state;
  const victim = byNode(ledger.victims, node);
  if (victim === undefined) addVictim(turn, node, hello.incarnation, "returned without a restart");
  else if (victim.incarnation === undefined || !sameBoot(victim.incarnation, hello.incarnation)) {
    // What runs against the boot before proves nothing of this one: it begins anew.
    updateVictim(turn, node, {
      incarnation: hello.incarnation,
      evidence: [],
      stage: "waiting",
      reason: "it came back after another boot and still uses storage",
      sinceAttempt: ledger.lastAttempt + 1,
    });
  } else if (afterSpeech(victim.evidence).length < victim.evidence.length) {
    updateVictim(turn, node, { evidence: afterSpeech(victim.evidence) });
    log(
      turn,
      "error",
      "evidence-refuted",
      `${name(turn.state, node)} speaks although a device said it was off`,
      node,
    );
  }
}

/** Applies the hellos to the base ledger in `turn.state.ledger`. Answers the role of each process. */
export function admitAll(
  turn: Turn,
  hellos: ReadonlyMap<string, Hello>,
  authority: { readonly keys: readonly string[]; readonly live: boolean },
  base: BaseWord,
): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const forgotten of forgottenMembers(turn.state.ledger, hellos)) remember(turn, forgotten, hellos);
  const belongs = (key: string): boolean => authority.live && authority.keys.includes(key);
  const keys = [...hellos.keys()].sort((a, b) => nodeOfKey(a) - nodeOfKey(b) || (a < b ? -1 : 1));
  const own = new Set(keys.filter(belongs).map(nodeOfKey));
  for (const key of keys) {
    if (belongs(key)) keepClaims(turn, hellos.get(key) as Hello);
    else adoptClaims(turn, hellos.get(key) as Hello, own);
  }
  const others = keys.filter((key) => !belongs(key) && spokesman(turn, nodeOfKey(key), keys, hellos) === key);
  const conflicting = conflictingNodes(turn, others, hellos);
  for (const key of keys) {
    const hello = hellos.get(key) as Hello;
    const node = nodeOfKey(key);
    if (spokesman(turn, node, keys, hellos) !== key) {
      roles.set(key, "refused"); // A second daemon on one node speaks for nobody.
      continue;
    }
    dropRefutedShot(turn, node, hello);
    if (belongs(key)) {
      const { members, victims } = turn.state.ledger;
      const returned = hello.clean && byNode(victims, node) !== undefined;
      const outsider = (hello.wants === "join" || returned) && byNode(members, node) === undefined;
      roles.set(key, outsider ? letIn(turn, node, hello, base) : "authority");
      continue;
    }
    const role = conflicting.has(node) ? "stray" : judgeProcess(turn.state.ledger, node, hello);
    roles.set(key, applyRole(turn, node, hello, role, base));
  }
  adoptLockClaims(turn, roles, base.wall);
  return roles;
}

/**
 * The one process of a node that counts: a live one, then the one that the ledger knows, then the
 * first. Whoever starts a daemon twice must not lose the node for it.
 */
function spokesman(
  turn: Turn,
  node: NodeId,
  keys: readonly string[],
  hellos: ReadonlyMap<string, Hello>,
): string | undefined {
  const own = keys.filter((key) => nodeOfKey(key) === node);
  const member = byNode(turn.state.ledger.members, node);
  const weight = (key: string): number => {
    const hello = hellos.get(key) as Hello;
    return (hello.live ? 2 : 0) + (sameIncarnation(member, hello.incarnation) ? 1 : 0);
  };
  return own.reduce<string | undefined>(
    (best, key) => (best === undefined || weight(key) > weight(best) ? key : best),
    undefined,
  );
}

/** It was let go by an epoch that the base has never seen: it may be writing, so it is a victim. */
function remember(turn: Turn, { node, incarnation }: Forgotten, hellos: ReadonlyMap<string, Hello>): void {
  // One machine runs one boot: whoever speaks for the node now is judged by what it says of itself.
  if ([...hellos.keys()].some((key) => nodeOfKey(key) === node)) return;
  const { ledger } = turn.state;
  if (byNode(ledger.victims, node) === undefined) {
    addVictim(turn, node, incarnation, "not part of the newest epoch");
    return;
  }
  updateVictim(turn, node, {
    incarnation,
    evidence: [],
    begun: false,
    stage: "waiting",
    reason: "a newer epoch knows a later run of it",
    sinceAttempt: ledger.lastAttempt + 1,
  });
}

/** Whoever speaks in a later view was not switched off by the shot that a person asked for. */
function dropRefutedShot(turn: Turn, node: NodeId, hello: Hello): void {
  const shot = byNode(turn.state.ledger.shots, node);
  if (shot === undefined || shot.active || !sameBoot(shot.incarnation, hello.incarnation)) return;
  if (shot.evidence.length > 0) updateLedger(turn, { shots: withoutNode(turn.state.ledger.shots, node) });
}

function applyRole(turn: Turn, node: NodeId, hello: Hello, role: Role, base: BaseWord): Role {
  switch (role) {
    case "newcomer":
    case "observer":
      return welcome(turn, node, hello, base) ? role : "unproven";
    case "reunited":
      reunite(turn, node, hello, base.wall);
      return role;
    case "restarted":
      if (byNode(turn.state.ledger.victims, node) !== undefined) dropVictim(turn, node);
      // Whose host uses storage or holds locks stays a member whatever it wants: else the others would go on
      // without proof, and nobody would look for it when it is lost.
      if (hello.wants === "join" || !hello.clean || hello.claims > 0) admitMember(turn, node, hello);
      else updateLedger(turn, { suspects: withoutNode(turn.state.ledger.suspects, node) });
      return role;
    case "stray":
      keepOut(turn, node, hello);
      return role;
    case "refused": {
      const victim = byNode(turn.state.ledger.victims, node);
      if (victim !== undefined) keepOut(turn, node, hello);
      return role;
    }
    case "authority":
    case "unproven":
      return role;
  }
}

/** A process that follows the base ledger already and wants to be a member now. */
function letIn(turn: Turn, node: NodeId, hello: Hello, base: BaseWord): Role {
  if (!hello.clean) return "refused";
  if (!welcome(turn, node, hello, base)) return "unproven";
  return hello.wants === "join" ? "authority" : "observer";
}
