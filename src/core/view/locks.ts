/** Who holds which lock, who waits, and why: for people. */
import { nodeNameOf } from "../config.ts";
import { gateReasons } from "../gate/gate.ts";
import type { NodeId, WallMillis } from "../ids.ts";
import { compatible, type Mode } from "../locks/modes.ts";
import { holders, type Lock, type Resource } from "../locks/resource.ts";
import { allResources } from "../locks/table.ts";
import type { State } from "../state.ts";
import { isInEpoch } from "../turn.ts";

export interface LockView {
  readonly node: string;
  readonly owner: string;
  readonly mode?: Mode;
  readonly wants?: Mode;
  readonly since: WallMillis;
  readonly persistent: boolean;
  /** Why it waits; absent when it does not. */
  readonly why?: string;
}

export interface LocksView {
  readonly count: number;
  readonly resources: readonly {
    readonly lockspace: string;
    readonly name: string;
    readonly locks: readonly LockView[];
  }[];
  /** Resources that did not fit into the answer. */
  readonly more: number;
}

/** Resources in one answer; those that somebody waits for come first. */
const RESOURCES_SHOWN = 1_000;

export function locksView(state: State): LocksView {
  const all = [...allResources(state.ledger.locks)];
  const order = (resource: Resource): string =>
    `${resource.converting.length + resource.waiting.length > 0 ? 0 : 1}${resource.lockspace}/${resource.name}`;
  const sorted = all
    .map((resource) => ({ resource, key: order(resource) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, RESOURCES_SHOWN);
  return {
    count: state.ledger.locks.count,
    more: all.length - sorted.length,
    resources: sorted.map(({ resource }) => ({
      lockspace: resource.lockspace,
      name: resource.name,
      locks: [...resource.granted, ...resource.converting, ...resource.waiting].map((lock) =>
        lockView(state, resource, lock),
      ),
    })),
  };
}

function lockView(state: State, resource: Resource, lock: Lock): LockView {
  const { mode, wants, since, owner, persistent } = lock;
  return {
    node: nodeNameOf(state.config, lock.node),
    owner,
    since,
    persistent: persistent === true,
    ...(mode === undefined ? {} : { mode }),
    ...(wants === undefined ? {} : { wants, why: whyItWaits(state, resource, lock, wants) }),
  };
}

/**
 * A freeze first: nobody is granted anything meanwhile. Then whoever is in the way, and who comes before it
 * when they are gone; those whose node may hold nothing yet are passed over.
 */
export function whyItWaits(state: State, resource: Resource, lock: Lock, wants: Mode): string {
  const { ledger } = state;
  if (!ledger.open) return `storage is held: ${gateReasons(state).join("; ")}`;
  if (state.ring?.quorate !== true) return "no quorum";
  const mayHold = (node: NodeId): boolean => isInEpoch(ledger, node);
  if (!mayHold(lock.node)) return "its node is not in the epoch yet";
  const reasons: string[] = [];
  const rivals = holders(resource).filter((one) => one !== lock && !compatible(one.mode ?? "NL", wants));
  if (rivals.length > 0) {
    const shown = rivals
      .slice(0, 3)
      .map((one) => `${nodeNameOf(state.config, one.node)} (${one.owner}) holds ${one.mode}`);
    reasons.push(`${shown.join(", ")}${rivals.length > 3 ? ` and ${rivals.length - 3} more` : ""}`);
  }
  const queue = lock.mode === undefined ? [...resource.converting, ...resource.waiting] : resource.converting;
  const ahead = queue.slice(0, queue.indexOf(lock));
  const before = ahead.filter((one) => mayHold(one.node) && !rivals.includes(one)).length;
  if (before > 0) reasons.push(`behind ${before} in the queue`);
  return reasons.length === 0 ? "it is its turn" : reasons.join("; ");
}
