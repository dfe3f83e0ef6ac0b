/** The first word of a process in a view: everything about itself that the others must weigh. */
import { nodeById, nodeNameOf } from "../config.ts";
import { claimsOf, locksInUse } from "../locks/own.ts";
import type { Hello } from "../messages.ts";
import type { State, Turn } from "../state.ts";
import { ledgerDigest } from "./digest.ts";

/** What this host uses, by its guards and by the locks that it holds; absent: not known yet. */
export function usesOf(state: State): readonly string[] | undefined {
  const locks = locksInUse(state.locks);
  if (state.inUse === undefined || locks.length === 0) return state.inUse;
  const shown = locks.slice(0, USES_SHOWN).map((one) => `lock ${one.lockspace}/${one.name} of ${one.owner}`);
  const more = locks.length > USES_SHOWN ? [`${locks.length - USES_SHOWN} more locks`] : [];
  return [...state.inUse, ...shown, ...more];
}

/** Nothing is in use, and that is known: "not known yet" is not clean. */
export function isClean(state: State): boolean {
  return usesOf(state)?.length === 0;
}

/** By votequorum's last word; by the configuration before there was one. */
export function ownVotes(state: State): number {
  return state.votes ?? nodeById(state.config, state.nodeId)?.votes ?? 1;
}

/** Locks that a refusal names one by one. */
const USES_SHOWN = 8;

export function makeHello(turn: Turn): Hello {
  const { state, now } = turn;
  // Whose gate was open until this view may be used since its guards were asked. If it has to shut, they are anew.
  const mayBeUsed = state.gate.open && state.inUse?.length === 0;
  return {
    type: "hello",
    protocol: state.protocol,
    name: nodeNameOf(state.config, state.nodeId),
    incarnation: state.incarnation,
    clean: !mayBeUsed && isClean(state),
    ...(state.letGo ? { letGo: true as const } : {}),
    ...(state.inUse === undefined || mayBeUsed ? { asking: true as const } : {}),
    wants: state.wants,
    live: state.live,
    expelled: state.outside?.role === "stray",
    establishedEpoch: state.live && state.ledger.established ? state.ledger.epoch.n : 0,
    durable: state.durable,
    previousRing: state.previousRing,
    movedWith: state.movedWith,
    digest: ledgerDigest(state.ledger),
    incidentSeq: state.ledger.incidents.at(-1)?.seq ?? 0,
    shots: state.operations
      .filter((operation) => !operation.reported)
      .map(({ node, incarnation, attempt }) => ({
        node,
        attempt,
        ...(incarnation === undefined ? {} : { incarnation }),
      })),
    claims: claimsOf(state.locks).length,
    votes: ownVotes(state),
    configVersion: state.config.version,
    file: state.desk.file,
    holds: state.desk.holds,
    lastVersion: state.ledger.configs.lastVersion,
    evidenceDemand: state.config.fenceDaemon.evidence,
    missedAt: [...state.missedAt].map(([node, at]) => ({ node, at })),
    wall: now.wall,
  };
}
