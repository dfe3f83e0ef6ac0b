/**
 * Readiness: would fencing work, before it has to. Each member looks at the fence devices of the others
 * now and then, and tells what it saw. Nothing here enters the ledger, and no decision of the fence
 * domain reads it: what is known may be old, and another member may know something else.
 */
import type { Millis, NodeId } from "../ids.ts";

/** What a device says of the machine that it controls. Empty when it says nothing. */
export interface DeviceIdentity {
  readonly serial?: string;
  /** Lower case, with hyphens. Several when the order of the bytes cannot be told. */
  readonly uuids: readonly string[];
  readonly product?: string;
}

/** What a machine's own firmware (DMI) says of it. */
export interface Machine {
  readonly serial?: string;
  readonly uuid?: string;
  readonly product?: string;
}

/** A fence device, or one outlet of it, as one node of the configuration uses it. */
export interface Watched {
  readonly node: NodeId;
  readonly deviceName: string;
  /** Outlet; empty when there is none. */
  readonly plug: string;
  readonly agent: string;
  /** Where it stands first: which line's parameters are used for looking. */
  readonly method: number;
  readonly device: number;
  /** Units: ms for one run of the agent. */
  readonly budgetMs: Millis;
}

/** What came of one look. */
export interface Look {
  readonly power: "on" | "off" | "unknown";
  /** Kind of failure, when the agent tells: `credentials`, `timeout`, … */
  readonly kind?: string;
  readonly detail: string;
  readonly tookMs: Millis;
  readonly identity?: DeviceIdentity;
  readonly notice?: string;
}

/**
 * `unknown`: not looked at yet. `doubtful`: failed once, a second look follows. `failing`: failed for
 * certain. `ready`: its power was read.
 */
export type Standing = "unknown" | "ready" | "doubtful" | "failing";

/** What one member says of one device. Units: ms; ages count back from when it was sent. */
export interface ReportEntry {
  readonly node: NodeId;
  readonly deviceName: string;
  readonly plug: string;
  readonly standing: Standing;
  readonly power: "on" | "off" | "unknown";
  readonly tookMs: Millis;
  readonly ageMs: Millis;
  readonly kind?: string;
  readonly detail: string;
  /** What is wrong although it answers: it is another machine's, for example. */
  readonly alarm?: string;
}

/** Told to the other members; never part of the ledger. */
export interface ReadinessReport {
  readonly type: "readiness";
  readonly machine?: Machine;
  readonly entries: readonly ReportEntry[];
}

/** Entries of one message; more go into another one. */
export const ENTRIES_PER_REPORT_MAX = 128;
/** Units: characters. Devices with longer names or outlets are not told of. */
export const NAME_TOLD_MAX = 255;
/** Units: characters of a detail or an alarm that goes to others. */
export const TOLD_CHARS_MAX = 300;

export function watchedKey(of: {
  readonly node: NodeId;
  readonly deviceName: string;
  readonly plug: string;
}): string {
  return `${of.node} ${of.deviceName} ${of.plug}`;
}
