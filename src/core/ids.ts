/** The words for identity and time that every other file of the core uses. See docs/glossary.md. */

/** Corosync's node id. Shape: a positive 32-bit integer, fixed by the configuration. */
export type NodeId = number;

/** The name of a node as `cluster.conf` writes it. Shape: 1 to 255 characters. */
export type NodeName = string;

/**
 * Identity of one view of the group, opaque. Equal on two processes exactly when both are in the
 * same view. Nothing but equality may be read from it: there is no order among rings.
 */
export type RingId = string;

/** A duration, or an instant of the monotonic clock. Units: milliseconds. */
export type Millis = number;

/** An instant of the wall clock, only ever printed, never compared. Units: ms since 1970, UTC. */
export type WallMillis = number;

/** Both clocks, read once per input by the runner (or by the simulator). */
export interface Now {
  readonly mono: Millis;
  readonly wall: WallMillis;
}

/** One run of one daemon on one boot of one machine. Whoever reboots or restarts gets another one. */
export interface Incarnation {
  /** The kernel's boot id: another one means that the machine was off or reset in between. */
  readonly boot: string;
  /** Stamp of the daemon's start, unique within the boot. */
  readonly start: string;
}

/** A process in the group. Two of them on one node are possible: one is then a stranger. */
export interface ProcessRef {
  readonly nodeId: NodeId;
  readonly processId: string;
}

export function sameIncarnation(a: Incarnation | undefined, b: Incarnation | undefined): boolean {
  return a !== undefined && b !== undefined && a.boot === b.boot && a.start === b.start;
}

export function sameBoot(a: Incarnation | undefined, b: Incarnation | undefined): boolean {
  return a !== undefined && b !== undefined && a.boot === b.boot;
}

/** One string per process, for maps. */
export function processKey(process: ProcessRef): string {
  return `${process.nodeId}/${process.processId}`;
}

export function compareNumbers(a: number, b: number): number {
  return a - b;
}
