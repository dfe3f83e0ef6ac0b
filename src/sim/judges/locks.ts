/** What the locks promise, looked at from outside: who uses the shared disk beside whom. */

import type { NodeId } from "../../core/ids.ts";
import type { Incident } from "../../core/ledger.ts";
import { common, covers, keepsWritersOut, type Mode } from "../../core/locks/modes.ts";
import type { LockValue } from "../../core/locks/resource.ts";
import { allResources } from "../../core/locks/table.ts";
import type { State } from "../../core/state.ts";
import type { Inside, Locker, SimNode } from "../types.ts";
import { broken } from "./broken.ts";
import { bootNow } from "./words.ts";

/** The judge's own table: a mistake in the core's must not blind it. */
const ORDER: readonly Mode[] = ["NL", "CR", "CW", "PR", "PW", "EX"];
const BESIDE = ["111111", "111110", "111000", "110100", "110000", "100000"];

function compatible(a: Mode, b: Mode): boolean {
  return BESIDE[ORDER.indexOf(a)]?.[ORDER.indexOf(b)] === "1";
}

/** Whoever waits for a conversion uses only what both modes allow. */
function used({ held, wants }: Locker): Mode | undefined {
  return held === undefined || wants === undefined ? held : common(held, wants);
}

/** Where the gate opens, whoever was lost has no locks any more. */
export function needOwners({ ledger, ring }: State, node: NodeId): void {
  const present = new Set([
    ...ledger.members.map((one) => one.node),
    ...(ring?.members ?? []).map((p) => p.nodeId),
  ]);
  for (const { name, granted, converting, waiting } of allResources(ledger.locks)) {
    for (const lock of [...granted, ...converting, ...waiting]) {
      if (!present.has(lock.node))
        broken("I7", `node ${node} opens while node ${lock.node}, which is gone, has lock ${name}`);
    }
  }
}

/** What a proven loss frees must not be in anybody's hands. */
export function needNoLockers(inside: Inside, node: SimNode, target: SimNode, incident: Incident): void {
  if (target.power === "off" || target.lockExcused || incident.how === "override") return;
  if (incident.how === "reunited" || incident.incarnation?.boot !== bootNow(target)) return;
  const holding = [...target.lockers.values()].filter((locker) => locker.held !== undefined);
  if (holding.length === 0) return;
  const what = holding.map((locker) => `${locker.name} ${locker.held}`).join(", ");
  broken(
    "I3",
    `at ${inside.queue.now()} ms node ${node.id} closes incident ${incident.seq} of node ${target.id} (${incident.how}), which holds ${what}`,
  );
}

export interface LockJudge {
  /** It was told that it may do more than before. */
  onGain(node: SimNode, locker: Locker, value: LockValue | undefined): void;
  /** It touches the disk. */
  onUse(node: SimNode, locker: Locker): void;
  /** The next value that a writer leaves behind. */
  newValue(locker: Locker): string;
  /** The same, where a conversion gives the right to write back; absent where it does not. */
  lowered(locker: Locker, mode: Mode): string | undefined;
}

export function createLockJudge(world: () => Inside): LockJudge {
  /** What writers left behind last, by resource. */
  const written = new Map<string, string>();
  let count = 0;
  const keyOf = (locker: Locker): string => `${locker.lockspace}/${locker.name}`;
  const at = (): string => `at ${Math.round(world().queue.now())} ms`;

  /** Nobody on any machine that runs may hold what conflicts, whoever believes it to be gone. */
  function compare(node: SimNode, locker: Locker): void {
    const held = used(locker);
    if (held === undefined || node.lockExcused) return;
    for (const other of world().list) {
      if (other.power === "off" || other.lockExcused) continue;
      for (const rival of other.lockers.values()) {
        const theirs = used(rival);
        if (rival === locker || theirs === undefined || keyOf(rival) !== keyOf(locker)) continue;
        if (compatible(held, theirs)) continue;
        broken(
          "I1",
          `${at()} ${keyOf(locker)} is held ${held} on node ${node.id} (${locker.id}) and ${theirs} on node ${other.id} (${rival.id})`,
        );
      }
    }
  }

  function newValue(locker: Locker): string {
    // Digits are base64, too.
    const value = String(++count).padStart(8, "0");
    written.set(keyOf(locker), value);
    return value;
  }

  return {
    onGain(node, locker, value) {
      const held = locker.held as Mode;
      if (node.core?.gate.open !== true) {
        broken("I2", `${at()} node ${node.id} hands out ${keyOf(locker)} although it is frozen`);
      }
      compare(node, locker);
      if (value?.valid !== true || !keepsWritersOut(held) || node.lockExcused) return;
      const truth = written.get(keyOf(locker));
      if (value.data !== truth && !world().list.some((one) => one.lockExcused)) {
        broken(
          "I1",
          `${at()} node ${node.id} takes ${value.data} for the value of ${keyOf(locker)}, which is ${truth}`,
        );
      }
    },
    onUse: compare,
    newValue,
    lowered: (locker, mode) =>
      locker.held !== undefined && covers(locker.held, mode) && locker.held !== mode
        ? newValue(locker)
        : undefined,
  };
}
