/**
 * From libcpg's callbacks to views. Pure.
 *
 * When a ring forms, Corosync first tells who is gone (reason NODEDOWN), then who is new (NODEUP),
 * and last the id of the ring, all at one point of the message order; one view comes of it. Between
 * rings, processes come and go one by one (JOIN, LEAVE, PROCDOWN): each is a view of its own.
 * Source: corosync exec/cpg.c, cpg_sync_activate and notify_lib_joinlist.
 */
import { createHash } from "node:crypto";
import { compareNumbers, type NodeId, type ProcessRef, processKey } from "../../core/ids.ts";
import type { LeftReason, ViewEvent } from "../../ports/group-engine.ts";
import { CPG_REASON, type CpgAddress, type CpgEvent } from "./libcpg.ts";
import type { TotemRing } from "./native.ts";

export type GroupChange = Extract<CpgEvent, { type: "group" }>;
export type RingChange = Extract<CpgEvent, { type: "ring" }>;

export interface ViewTracker {
  /** A view, when the change is one by itself; undefined while its ring is not known yet. */
  onGroup(change: GroupChange): ViewEvent | undefined;
  /** Every new ring makes a view, also one that changes nothing in the group: quorum may differ. */
  onRing(change: RingChange): ViewEvent | undefined;
  /** A change is known and its ring is not: a message now would belong to no view. */
  isBetweenViews(): boolean;
}

/** What was called back and is not in a view yet. */
interface Held {
  readonly members: readonly ProcessRef[];
  /** CPG's reason by process key. A process that went and came back is also in `joined`. */
  readonly left: ReadonlyMap<string, number>;
  readonly joined: ReadonlySet<string>;
}

export function createViewTracker(): ViewTracker {
  let ring: string | undefined;
  /** Of the last view; undefined before the first. */
  let members: readonly ProcessRef[] | undefined;
  let held: Held | undefined;

  function hold(change: GroupChange): void {
    const left = change.left.map((address): [string, number] => [keyOf(address), address.reason]);
    held = {
      members: change.members.map(toProcess).sort(compareProcesses),
      left: new Map([...(held?.left ?? []), ...left]),
      joined: new Set([...(held?.joined ?? []), ...change.joined.map(keyOf)]),
    };
  }

  /** Turns what is held into joined and left, as seen from the last view. */
  function release(reasonOf: (process: ProcessRef, reason: number | undefined) => LeftReason) {
    const before = members ?? [];
    const known = new Set(before.map(processKey));
    const { members: next, left, joined } = held ?? { members: before, left: new Map(), joined: new Set() };
    const present = new Set(next.map(processKey));
    const isFirst = members === undefined;
    held = undefined;
    members = next;
    return {
      members: next,
      joined: next.map(processKey).flatMap((key, index) => {
        const isNew = isFirst || !known.has(key) || (joined.has(key) && left.has(key));
        const process = next[index];
        return isNew && process !== undefined ? [process] : [];
      }),
      left: before
        .filter((process) => left.has(processKey(process)) || !present.has(processKey(process)))
        .map((process) => ({ ...process, reason: reasonOf(process, left.get(processKey(process))) })),
    };
  }

  return {
    onGroup(change) {
      const isOfNewRing =
        held !== undefined ||
        change.left.some(({ reason }) => reason === CPG_REASON.nodeDown) ||
        change.joined.some(({ reason }) => reason === CPG_REASON.nodeUp);
      hold(change);
      if (ring === undefined || isOfNewRing) return undefined;
      const view = release((_, reason) => reasonInRing(reason));
      // Corosync announces the death of a process once more after its leave.
      if (view.joined.length === 0 && view.left.length === 0) return undefined;
      const departed = view.left.length === 0 ? "" : `-${digest(view.left)}`;
      return { ringId: `${ring}/${digest(view.members)}${departed}`, ...view };
    },
    onRing(change) {
      const next = formatRing(change.ring);
      if (next === ring && held === undefined) return undefined;
      ring = next;
      if (members === undefined && held === undefined) return undefined; // Not joined yet.
      const reachable = new Set<NodeId>(change.nodes);
      const view = release(({ nodeId }, reason) =>
        reachable.has(nodeId) ? reasonInRing(reason) : "node-down",
      );
      return { ringId: `${ring}/${digest(view.members)}`, ...view };
    },
    isBetweenViews: () => held !== undefined,
  };
}

export function formatRing({ nodeid, seq }: TotemRing): string {
  return `${nodeid}.${seq}`;
}

/** Whatever is no orderly leave and no lonely death of a process is the loss of its node. */
function reasonInRing(reason: number | undefined): LeftReason {
  if (reason === CPG_REASON.leave) return "leave";
  return reason === CPG_REASON.processDown ? "process-down" : "node-down";
}

/**
 * The same set of processes may recur within one ring after another one came and went: then the
 * digest of those that left is part of the id as well. Those that joined are not: after a merge,
 * each side has seen other ones join.
 */
function digest(processes: readonly ProcessRef[]): string {
  const list = [...processes].sort(compareProcesses).map(({ nodeId, processId }) => `${nodeId}:${processId}`);
  return createHash("sha256").update(list.join(",")).digest("hex").slice(0, 12);
}

function compareProcesses(a: ProcessRef, b: ProcessRef): number {
  return compareNumbers(a.nodeId, b.nodeId) || (a.processId < b.processId ? -1 : 1);
}

function toProcess({ nodeid, pid }: CpgAddress): ProcessRef {
  return { nodeId: nodeid, processId: String(pid) };
}

function keyOf(address: CpgAddress): string {
  return processKey(toProcess(address));
}
