/**
 * Counterfactuals of a lock that waits: without the holders and the places in the queue that are named it
 * must be granted, and not with only some of them gone.
 */
import { sameIncarnation } from "../../core/ids.ts";
import { decide } from "../../core/locks/decide.ts";
import { compatible } from "../../core/locks/modes.ts";
import { holders, type Lock, type Resource } from "../../core/locks/resource.ts";
import { allResources } from "../../core/locks/table.ts";
import type { State } from "../../core/state.ts";
import { whyItWaits } from "../../core/view/locks.ts";
import { broken } from "../judges/broken.ts";
import { itemOf } from "../judges/words.ts";

/** Resources of one table that are looked at. */
const RESOURCES_MAX = 8;

function drop(resource: Resource, gone: ReadonlySet<Lock>): Resource {
  const stays = (lock: Lock): boolean => !gone.has(lock);
  return {
    ...resource,
    granted: resource.granted.filter(stays),
    converting: resource.converting.filter(stays),
    waiting: resource.waiting.filter(stays),
  };
}

/** These hold what they have for good: whoever is just about to give up a right is in the way no longer. */
function unmoved(resource: Resource, rivals: readonly Lock[]): Resource {
  const stays = (lock: Lock): boolean => !rivals.includes(lock);
  const held = resource.converting.filter((lock) => !stays(lock)).map(({ wants: _wish, ...lock }) => lock);
  return {
    ...resource,
    granted: [...resource.granted, ...held],
    converting: resource.converting.filter(stays),
  };
}

function judgeWaiter(core: State, resource: Resource, lock: Lock, why: typeof whyItWaits): void {
  const { wants } = lock;
  if (wants === undefined || lock.noQueue === true) return;
  const { ledger } = core;
  const mayHold = (node: number): boolean =>
    sameIncarnation(itemOf(ledger.epoch.members, node), itemOf(ledger.members, node));
  if (!mayHold(lock.node)) return; // That alone is named, and comes first.
  const words = why(core, resource, lock, wants);
  const rivals = words.includes(" holds ")
    ? holders(resource).filter((one) => one !== lock && !compatible(one.mode ?? "NL", wants))
    : [];
  const [, places = "0"] = /behind (\d+) in the queue/.exec(words) ?? [];
  const queue = [...resource.converting, ...resource.waiting].filter(
    (one) => mayHold(one.node) && !rivals.includes(one),
  );
  const before = queue.slice(0, Math.min(Number(places), queue.indexOf(lock)));
  if (rivals.length + before.length === 0) return;
  const isGranted = (gone: readonly Lock[], among = resource): boolean =>
    decide(drop(among, new Set(gone)), mayHold).some(
      (one) => one.type === "grant" && one.node === lock.node && one.id === lock.id,
    );
  const said = `lock ${resource.name} of node ${lock.node} waits: ${words}`;
  if (!isGranted([...rivals, ...before])) broken("I8", `${said}; without that it waits on`);
  if (rivals.length > 0 && isGranted(before, unmoved(resource, rivals)))
    broken("I8", `${said}; it could have it beside them`);
}

/** `why`: who explains it. */
export function judgeLocks(core: State, why: typeof whyItWaits = whyItWaits): void {
  const { ledger, ring } = core;
  if (!ledger.open || ring?.quorate !== true || ledger.locks.waiting === 0) return;
  let looked = 0;
  for (const resource of allResources(ledger.locks)) {
    const waiters = [...resource.converting, ...resource.waiting];
    for (const lock of waiters.slice(0, 4)) judgeWaiter(core, resource, lock, why);
    if (waiters.length > 0 && ++looked >= RESOURCES_MAX) return;
  }
}
