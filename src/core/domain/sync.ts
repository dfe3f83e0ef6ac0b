/**
 * Comparing notes: from the first hello of a view to one ledger on every process.
 * Source: docs/protocol.md, "A view change" 2 and 3.
 */
import { resumeConfirm } from "../configuration/activate.ts";
import { chooseConfig } from "../configuration/choose.ts";
import { shareTexts, takeConfig } from "../configuration/documents.ts";
import { endLostAttempts } from "../fencing/lost-attempts.ts";
import { canonicalJson } from "../hash.ts";
import { type NodeId, type ProcessRef, processKey } from "../ids.ts";
import { EPOCH_NONE, LEDGER_EMPTY, type Ledger } from "../ledger.ts";
import { baseTable, claimsComplete, forgetClaims, sendTable } from "../locks/recover.ts";
import { tableDigest } from "../locks/table.ts";
import type { Body, Hello } from "../messages.ts";
import { type Role, STRANGERS_MAX, type Turn } from "../state.ts";
import {
  byNode,
  emit,
  log,
  multicast,
  name,
  nodeOfKey,
  selfKey,
  speakers,
  update,
  updateLedger,
  updateRing,
} from "../turn.ts";
import { admitAll, baseWord } from "./admit.ts";
import { type Authority, chooseAuthority, diverged } from "./authority.ts";
import { newestEpoch, withDurable } from "./cold.ts";
import { SNAPSHOT_TIMEOUT_MS } from "./silence.ts";
import { lookAnew } from "./startup.ts";

/** Exit code of a daemon that must be started anew (EX_TEMPFAIL); systemd does. */
export const EXIT_RESTART = 75;
/** Characters of history in a snapshot: a message holds 900,000 bytes. */
const SNAPSHOT_HISTORY_CHARS_MAX = 400_000;
/** Exit code of a broken invariant (EX_SOFTWARE). */
export const EXIT_INVARIANT = 70;

export function noteGarbage(turn: Turn, from: ProcessRef, problem: string): void {
  const key = processKey(from);
  const known = turn.state.garbage;
  if (known.get(key) === problem || (known.size >= STRANGERS_MAX && !known.has(key))) return;
  update(turn, { garbage: new Map(known).set(key, problem) });
  log(
    turn,
    "warn",
    "garbage",
    `process ${from.processId} on ${name(turn.state, from.nodeId)}: ${problem}`,
    from.nodeId,
  );
}

export function onHello(turn: Turn, from: ProcessRef, hello: Hello): void {
  const ring = turn.state.ring;
  const key = processKey(from);
  if (ring === undefined || ring.phase !== "hellos" || ring.hellos.has(key)) return;
  if (!ring.members.some((member) => processKey(member) === key)) return;
  const own = turn.state.protocol;
  if (hello.protocol.max < own.min || hello.protocol.min > own.max) {
    const { min, max } = hello.protocol;
    noteGarbage(turn, from, `speaks protocol ${min} to ${max}, this daemon ${own.min} to ${own.max}`);
    return;
  }
  if (!claimsComplete(turn, from, hello)) {
    noteGarbage(turn, from, `says that it holds ${hello.claims} locks, and stated another number of them`);
    return;
  }
  updateRing(turn, { hellos: new Map(ring.hellos).set(key, hello) });
  compareNotes(turn);
}

/** Everybody has spoken (or is left out): find the base, and give it to those who lack it. */
export function compareNotes(turn: Turn): void {
  const ring = turn.state.ring;
  if (ring === undefined || ring.phase !== "hellos") return;
  if (!speakers(ring).every((p) => ring.hellos.has(processKey(p)))) return;
  const wrong = diverged(ring.hellos);
  if (wrong.includes(selfKey(turn.state))) {
    emit(turn, {
      type: "exit",
      code: EXIT_INVARIANT,
      why: "I9: this daemon's ledger differs from the others'",
    });
    return;
  }
  if (wrong.length > 0) return; // They find the same and exit; a new view follows.
  const authority = chooseAuthority(ring.hellos);
  const protocol = Math.min(...[...ring.hellos.values()].map((hello) => hello.protocol.max));
  const helloUntil = turn.now.mono + SNAPSHOT_TIMEOUT_MS;
  updateRing(turn, { phase: "snapshot", authority: authority.keys, protocol, helloUntil });
  const lacking = [...ring.hellos.keys()].filter((key) => !authority.live || !authority.keys.includes(key));
  if (lacking.length === 0) {
    complete(turn, baseLedger(turn, authority), authority);
    return;
  }
  if (authority.keys[0] === selfKey(turn.state)) {
    const { locks, ...ledger } = fitting(baseLedger(turn, authority));
    sendTable(turn, locks);
    multicast(turn, { type: "snapshot", ledger, locks: tableDigest(locks) });
  }
}

/** What of the history fits into a message: the newest incidents. The journal keeps the rest. */
function fitting(ledger: Ledger): Ledger {
  let size = 0;
  const kept = [...ledger.incidents].reverse().filter((incident) => {
    size += canonicalJson(incident).length;
    return size <= SNAPSHOT_HISTORY_CHARS_MAX;
  });
  return { ...ledger, incidents: kept.reverse() };
}

function baseLedger(turn: Turn, authority: Authority): Ledger {
  const hellos = turn.state.ring?.hellos ?? new Map<string, Hello>();
  if (authority.live) return withDurable(turn.state.ledger, hellos);
  const epoch = newestEpoch([...hellos.values()].map((hello) => hello.durable));
  const { incidents, lastAttempt } = turn.state.ledger;
  return {
    ...LEDGER_EMPTY,
    epoch: epoch.n === 0 ? EPOCH_NONE : epoch,
    departed: epoch.departed,
    incidents,
    lastAttempt,
    configs: turn.state.ledger.configs,
  };
}

/** The base has arrived. Only the process that everybody found to hold it is believed. */
export function onSnapshot(
  turn: Turn,
  from: ProcessRef,
  { ledger, locks }: Extract<Body, { type: "snapshot" }>,
): void {
  const ring = turn.state.ring;
  if (ring === undefined || ring.phase !== "snapshot" || ring.authority[0] !== processKey(from)) return;
  const authority = chooseAuthority(ring.hellos);
  const table = baseTable(turn, authority.live && authority.keys.includes(selfKey(turn.state)), locks);
  if (table !== undefined) complete(turn, { ...ledger, locks: table }, authority);
}

function complete(turn: Turn, base: Ledger, authority: Authority): void {
  const ring = turn.state.ring;
  if (ring === undefined) return;
  const source = authority.keys[0] as string;
  const word = baseWord(source, ring.hellos.get(source) as Hello);
  const mine = authority.live && authority.keys.includes(selfKey(turn.state));
  if (!mine && base.incidents.length > 0) emit(turn, { type: "journal-adopt", incidents: base.incidents });
  update(turn, { ledger: chooseConfig(base, ring.hellos), live: true });
  takeConfig(turn);
  resumeConfirm(turn, word.wall);
  if (!mine) emit(turn, { type: "journal-configs", configs: turn.state.ledger.configs.activated });
  stampVictims(turn, ring.hellos.get(source) as Hello);
  const roles = admitAll(turn, ring.hellos, authority, word);
  stampVictims(turn, ring.hellos.get(source) as Hello);
  forgetClaims(turn);
  lookAnew(turn, base, ring.hellos, authority);
  endLostAttempts(turn, ring);
  const master = chooseMaster(turn, authority, roles);
  updateRing(turn, { phase: "synced", roles, master, masterHeardAt: turn.now.mono });
  takeOwnRole(turn, roles.get(selfKey(turn.state)) as Role);
  shareTexts(turn, ring.hellos);
  log(turn, "info", "synced", `notes compared; master is ${name(turn.state, nodeOfKey(master))}`);
}

/** Victims carry one time on every node: the base's. */
function stampVictims(turn: Turn, source: Hello): void {
  const at = (node: NodeId): number => source.missedAt.find((m) => m.node === node)?.at ?? source.wall;
  updateLedger(turn, {
    victims: turn.state.ledger.victims.map((v) =>
      v.firstSeenAt === undefined ? { ...v, firstSeenAt: at(v.node) } : v,
    ),
  });
}

/**
 * Lowest node id of the authority that is a member. While nothing is under way (or on a cold
 * start) of all members: everybody has the ledger now, and nobody's work is interrupted.
 */
export function chooseMaster(turn: Turn, authority: Authority, roles: ReadonlyMap<string, Role>): string {
  const { members } = turn.state.ledger;
  const able = [...roles]
    .filter(([, role]) => !["stray", "refused", "unproven"].includes(role))
    .map(([key]) => key);
  const { victims, suspects } = turn.state.ledger;
  const idle = victims.length === 0 && suspects.length === 0;
  const pool = authority.live && !idle ? able.filter((key) => authority.keys.includes(key)) : able;
  const order = (keys: readonly string[]): string | undefined =>
    [...keys].sort((a, b) => nodeOfKey(a) - nodeOfKey(b) || (a < b ? -1 : 1))[0];
  const member = (key: string): boolean => byNode(members, nodeOfKey(key)) !== undefined;
  return (
    order(pool.filter(member)) ?? order(able.filter(member)) ?? order(pool) ?? (authority.keys[0] as string)
  );
}

function takeOwnRole(turn: Turn, role: Role): void {
  const { outside: before, ...rest } = turn.state;
  if (role === "stray") {
    const why = "the cluster moved on without this node, and it still uses storage";
    turn.state = { ...rest, outside: { role, why } };
    if (before?.role !== "stray") {
      log(
        turn,
        "error",
        "expelled",
        `${why}: it holds storage until it is restarted or uses nothing any more`,
      );
    }
  } else if (role === "unproven") {
    const why = "its last failure needs stronger proof than its return; it is let in once that is there";
    turn.state = { ...rest, outside: { role, why } };
    if (before?.role !== role) log(turn, "warn", "unproven", why);
  } else if (role === "refused") {
    const why = "this host uses guarded storage that the domain knows nothing of";
    turn.state = { ...rest, outside: { role, why } };
    log(turn, "error", "refused", `${why}: stop that use; the daemon then joins by itself`);
  } else if (
    before !== undefined &&
    role === "authority" &&
    byNode(rest.ledger.members, rest.nodeId) === undefined
  ) {
    turn.state = { ...rest, outside: before };
  } else {
    turn.state = rest;
  }
}
