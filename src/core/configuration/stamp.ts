/**
 * Configurations as the ledger knows them: by version and digest. Their text, which may hold passwords,
 * stays at the edge and never enters the core. Source: docs/protocol-config.md; ADR 0016.
 */
import type { Millis, NodeId, WallMillis } from "../ids.ts";

/** Activated configurations that the ledger remembers; the journal keeps all. */
export const CONFIGS_KEPT = 32;
/** Problems of one report. */
export const REPORT_PROBLEMS_MAX = 16;
/** Characters of one problem of a report. */
export const PROBLEM_CHARS_MAX = 300;
/** Characters of the comment of an activation. */
export const COMMENT_CHARS_MAX = 200;
/** Longest time to confirm an activation. Units: ms. */
export const CONFIRM_MS_MAX: Millis = 24 * 3_600_000;

export interface ConfigName {
  readonly version: number;
  /** SHA-256 of the text; empty: none. */
  readonly digest: string;
}

/** A configuration that takes, or took, effect with an epoch. */
export interface ConfigStamp extends ConfigName {
  /** Who activated it; empty: it was the file on disk at the first start. */
  readonly by: string;
  readonly at: WallMillis;
  readonly comment: string;
  /** It goes back by itself unless somebody confirms it. */
  readonly confirm?: {
    readonly withinMs: Millis;
    /** By the clock of whoever proposed it. */
    readonly until: WallMillis;
    /** What comes back. */
    readonly back: ConfigName;
  };
}

export const CONFIG_NONE: ConfigStamp = { version: 0, digest: "", by: "", at: 0, comment: "" };

/** What one member says of a staged configuration, having looked at it there. */
export interface ConfigReport {
  readonly node: NodeId;
  readonly ok: boolean;
  /** At most {@link REPORT_PROBLEMS_MAX}; warnings too when it is ok. */
  readonly problems: readonly string[];
}

/** Received by every member, in force nowhere. */
export interface StagedConfig extends ConfigName {
  readonly by: string;
  readonly at: WallMillis;
  readonly comment: string;
  /** What was in force then: another activation in between makes it stale. */
  readonly base: string;
  /** Highest version heard of before it. */
  readonly floor: number;
  /** Sorted by node id. */
  readonly reports: readonly ConfigReport[];
}

/** The part of the ledger that is about configurations; what is in force is in its epoch. */
export interface LedgerConfigs {
  readonly staged?: StagedConfig;
  /** Somebody asked for it: the master proposes it with the same members. Dies with the ring. */
  readonly wish?: ConfigStamp;
  /** On a disk with a newer epoch than the base's: it may have been in force, so the next epoch has it. */
  readonly carried?: ConfigStamp;
  /** Activated, oldest first; the last one is in force. At most {@link CONFIGS_KEPT}. */
  readonly activated: readonly ConfigStamp[];
  /** Highest version that anybody has heard of. */
  readonly lastVersion: number;
}

export const CONFIGS_EMPTY: LedgerConfigs = { activated: [], lastVersion: 0 };

/** The same activation, and confirmed or not alike. */
export function sameStamp(a: ConfigStamp, b: ConfigStamp): boolean {
  return a.digest === b.digest && a.at === b.at && (a.confirm === undefined) === (b.confirm === undefined);
}
