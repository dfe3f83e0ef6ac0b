/** What this node knows of one device, and how one look changes it. */
import { type Incarnation, type Millis, sameIncarnation } from "../ids.ts";
import type { DeviceIdentity, Look, Standing, Watched } from "./types.ts";

export interface DeviceRecord {
  readonly watched: Watched;
  readonly standing: Standing;
  /** The newest look, and when it ended. */
  readonly last?: Look;
  readonly lookedAt?: Millis;
  /** How long a look takes that does not ask for the whole identity. */
  readonly quickMs?: Millis;
  /** Failures in a row. */
  readonly failures: number;
  readonly looks: number;
  readonly identity?: DeviceIdentity;
  /** It named another machine than before: the next look asks for everything. */
  readonly isOtherThanBefore: boolean;
  /** Since when it reads off although this run of the node's daemon was in the view. */
  readonly offSince?: Millis;
  readonly offOf?: Incarnation;
  readonly nextAt: Millis;
  /** Number of the look that is under way. */
  readonly asking?: number;
}

/** Time does not mend these: one failure is certain. And guessing passwords twice may lock an account. */
const CERTAIN: ReadonlySet<string> = new Set([
  "credentials",
  "certificate",
  "privilege",
  "usage",
  "missing",
  "unsupported",
  "password-script",
]);
/** Failures in a row that are no accident any more. */
const FAILURES_CERTAIN = 2;
/** Every so many looks a device is asked for all that it knows of its machine. */
const WHOLE_IDENTITY_EVERY = 10;

export function newRecord(watched: Watched, nextAt: Millis): DeviceRecord {
  return {
    watched,
    standing: "unknown",
    failures: 0,
    looks: 0,
    isOtherThanBefore: false,
    nextAt,
  };
}

export function identityDepth(record: DeviceRecord): "full" | "brief" {
  const isDue = record.looks % WHOLE_IDENTITY_EVERY === 0;
  return isDue || record.failures > 0 || record.isOtherThanBefore ? "full" : "brief";
}

/** `speaks`: the run of the node's daemon that is in the view now; absent: none. `nextAt` is the caller's. */
export function withLook(
  record: DeviceRecord,
  look: Look,
  at: Millis,
  speaks: Incarnation | undefined,
): Omit<DeviceRecord, "asking"> {
  const { asking: _asking, offSince: _since, offOf: _of, identity: before, ...rest } = record;
  const answered = look.power !== "unknown";
  const failures = answered ? 0 : record.failures + 1;
  const isCertain = failures >= FAILURES_CERTAIN || CERTAIN.has(look.kind ?? "");
  const identity = look.identity === undefined ? before : merged(before, look.identity);
  const isQuick = answered && identityDepth(record) === "brief";
  return {
    ...rest,
    ...(isQuick ? { quickMs: look.tookMs } : {}),
    standing: answered ? "ready" : isCertain || record.standing === "failing" ? "failing" : "doubtful",
    last: look,
    lookedAt: at,
    failures,
    looks: record.looks + 1,
    ...(identity === undefined ? {} : { identity }),
    isOtherThanBefore: before !== undefined && identity !== undefined && !isSameMachine(before, identity),
    ...offWhileSpeaking(record, look, at, speaks),
  };
}

/** Goes on until it reads on, or another run of the daemon speaks; a node that is gone changes nothing. */
function offWhileSpeaking(
  { offSince, offOf }: DeviceRecord,
  { power }: Look,
  at: Millis,
  speaks: Incarnation | undefined,
): Pick<DeviceRecord, "offSince" | "offOf"> {
  if (power === "on") return {};
  const isKnown = offSince !== undefined && offOf !== undefined;
  if (isKnown && (speaks === undefined || power === "unknown" || sameIncarnation(offOf, speaks)))
    return { offSince, offOf };
  return power === "off" && speaks !== undefined ? { offSince: at, offOf: speaks } : {};
}

/** Something to be looked at once more soon: a first failure, another machine than before. */
export function wantsSecondLook({
  standing,
  isOtherThanBefore,
}: Pick<DeviceRecord, "standing" | "isOtherThanBefore">): boolean {
  return standing === "doubtful" || isOtherThanBefore;
}

/** A brief answer leaves out what a whole one has told before. */
function merged(before: DeviceIdentity | undefined, told: DeviceIdentity): DeviceIdentity {
  if (before === undefined || !isSameMachine(before, told)) return told;
  return { ...before, ...told, uuids: told.uuids.length === 0 ? before.uuids : told.uuids };
}

function isSameMachine(a: DeviceIdentity, b: DeviceIdentity): boolean {
  const untold = a.uuids.length === 0 || b.uuids.length === 0;
  const sameUuids = untold || a.uuids.some((one) => b.uuids.includes(one));
  const sameSerial = a.serial === undefined || b.serial === undefined || a.serial === b.serial;
  return sameUuids && sameSerial;
}
