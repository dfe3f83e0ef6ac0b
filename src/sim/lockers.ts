/**
 * Processes that use the shared disk under locks: they wait, hold, write, convert, give up, die, and
 * live on for a while when their daemon does not. The judges look at them, not at any lock table.
 */
import type { Millis, NodeId } from "../core/ids.ts";
import { covers, type Mode, writes } from "../core/locks/modes.ts";
import { trieGet } from "../core/locks/trie.ts";
import type { LockEvent, LockRequest } from "../core/locks/types.ts";
import { createLockJudge } from "./judges/locks.ts";
import type { Random } from "./random.ts";
import type { Inside, Locker, Lockers, LockWish, LockWork, SimNode } from "./types.ts";

const LOCKSPACE = "sim";
/** Resources that lockers with a life of their own fight for. */
const RESOURCES = ["a", "b", "c"];
/** Longest time that a process takes to notice that its lock or its daemon is gone. Units: ms. */
const NOTICE_MS = 4_000;
/** A machine that stands still is looked at again after. Units: ms. */
const STILL_MS = 500;
/** Lockers at work at once on one node. */
const WORKERS = 3;

function drawWork(random: Random): LockWork {
  return {
    holdMs: random.int(0, random.pick([5, 300, 5_000])),
    nextMode: random.chance(0.3) ? random.pick<Mode>(["NL", "CR", "PR", "PW", "EX", "EX"]) : undefined,
    patienceMs: random.chance(0.3) ? random.int(0, random.pick([20, 4_000])) : undefined,
  };
}

export function createLockers(world: () => Inside): Lockers {
  const judge = createLockJudge(world);
  const rounds = new Map<NodeId, number>();
  let random: Random | undefined;
  let lastId = 0;
  let stopped = false;
  const chance = (): Random => {
    random ??= world().random.fork("lockers");
    return random;
  };

  function feed(node: SimNode, ...requests: readonly LockRequest[]): void {
    world().feed(node, node.starts, { type: "locks", requests });
  }

  /** Something that this very locker does later, unless its machine is another one by then. */
  function later(node: SimNode, locker: Locker, ms: Millis, act: () => void): void {
    const { queue } = world();
    const { boots } = node;
    queue.at(queue.now() + ms, () => {
      if (node.boots !== boots || node.power === "off" || node.lockers.get(locker.id) !== locker) return;
      if (node.hung) later(node, locker, STILL_MS, act);
      else act();
    });
  }

  function begin(node: SimNode, name: string, wish: LockWish, work: LockWork | undefined): void {
    if (node.core === undefined) return; // Nobody to connect to.
    const id = ++lastId;
    const persistent = wish.persistent === true;
    const { mode } = wish;
    const locker: Locker = {
      id,
      lockspace: LOCKSPACE,
      name,
      persistent,
      held: undefined,
      wants: mode,
      work,
    };
    node.lockers.set(id, locker);
    feed(node, {
      type: "lock",
      id,
      lockspace: LOCKSPACE,
      name,
      mode,
      owner: `locker ${id}`,
      ...(wish.noQueue === true ? { noQueue: true } : {}),
      ...(persistent ? { persistent } : {}),
    });
    if (work?.patienceMs !== undefined) {
      later(node, locker, work.patienceMs, () => {
        if (locker.wants !== undefined) feed(node, { type: "cancel", id });
      });
    }
  }

  /** It does nothing any more from here on, and says so. */
  function end(node: SimNode, locker: Locker): void {
    const value = locker.held !== undefined && writes(locker.held) ? judge.newValue(locker) : undefined;
    node.lockers.delete(locker.id);
    feed(node, { type: "unlock", id: locker.id, ...(value === undefined ? {} : { value }) });
    if (locker.work !== undefined) next(node);
  }

  function next(node: SimNode): void {
    const left = rounds.get(node.id) ?? 0;
    const workers = [...node.lockers.values()].filter((locker) => locker.work !== undefined).length;
    if (left === 0 || stopped || workers >= WORKERS || node.core === undefined) return;
    rounds.set(node.id, left - 1);
    const mode = chance().pick<Mode>(["EX", "EX", "EX", "PW", "PR", "PR", "CW", "CR", "NL"]);
    begin(
      node,
      chance().chance(0.3) ? `of ${placeOf(node)}` : chance().pick(RESOURCES),
      { mode, noQueue: chance().chance(0.2) },
      drawWork(chance()),
    );
  }

  /** Things that mostly one node uses: what a node may keep. */
  function placeOf(node: SimNode): NodeId {
    return chance().chance(0.8) ? node.id : chance().pick(world().list).id;
  }

  function work(node: SimNode, locker: Locker, todo: LockWork): void {
    later(node, locker, todo.holdMs / 2, () => judge.onUse(node, locker));
    later(node, locker, todo.holdMs, () => {
      const { nextMode } = todo;
      if (nextMode === undefined || locker.held === nextMode || chance().chance(0.3)) end(node, locker);
      else {
        convertTo(node, locker, nextMode);
        later(node, locker, todo.holdMs, () => end(node, locker));
      }
    });
  }

  function convertTo(node: SimNode, locker: Locker, mode: Mode): void {
    const { held } = locker;
    if (held === undefined) return;
    const value = writes(held) ? judge.lowered(locker, mode) : undefined;
    // What it gives back it does not use any more, whenever its daemon hears of it.
    if (covers(held, mode)) locker.held = mode;
    else locker.wants = mode;
    feed(node, { type: "convert", id: locker.id, mode, ...(value === undefined ? {} : { value }) });
  }

  function onEvent(node: SimNode, event: LockEvent): void {
    const locker = node.lockers.get(event.id);
    if (locker === undefined) return;
    switch (event.type) {
      case "granted": {
        const first = locker.held === undefined;
        const gains = locker.held === undefined || !covers(locker.held, event.mode);
        locker.held = event.mode;
        locker.wants = undefined;
        if (gains) judge.onGain(node, locker, event.value);
        if (first && locker.work !== undefined) work(node, locker, locker.work);
        return;
      }
      case "refused":
        locker.wants = undefined;
        if (locker.held === undefined) node.lockers.delete(locker.id);
        if (locker.held === undefined && locker.work !== undefined) next(node);
        return;
      case "released":
        node.lockers.delete(locker.id);
        if (locker.work !== undefined) next(node);
        return;
      case "lost":
        return later(node, locker, chance().int(0, NOTICE_MS), () => end(node, locker));
      case "blocking":
        return;
    }
  }

  /** Without a message: the ledger knows the lock by another number. */
  function isGrantedAgain(node: SimNode, id: number): boolean {
    const kept = node.core?.locks.kept;
    return kept !== undefined && trieGet(kept.numbers, id) !== undefined;
  }

  function fill(node: SimNode): void {
    for (let i = 0; i < WORKERS; i++) next(node);
  }

  function named(node: SimNode, name: string): readonly Locker[] {
    return [...node.lockers.values()].filter((locker) => locker.name === name);
  }

  return {
    onEvents(node, events) {
      for (const event of events) {
        if (event.type === "granted" && isGrantedAgain(node, event.id))
          world().options.reached?.("lock again");
        world().options.reached?.(event.type === "refused" ? `lock ${event.why}` : `lock ${event.type}`);
        onEvent(node, event);
      }
    },
    onDaemonGone(node) {
      for (const locker of node.lockers.values()) {
        if (locker.persistent && locker.held !== undefined) continue;
        if (locker.held === undefined) node.lockers.delete(locker.id);
        else later(node, locker, chance().int(0, NOTICE_MS), () => end(node, locker));
      }
    },
    claims: (node) =>
      [...node.lockers.values()].flatMap(({ id, lockspace, name, held, persistent }) =>
        held === undefined
          ? []
          : [
              {
                id,
                lockspace,
                name,
                mode: held,
                owner: `locker ${id}`,
                ...(persistent ? { persistent } : {}),
              },
            ],
      ),
    onPower(node) {
      node.lockers.clear();
      node.lockExcused = false;
      rounds.delete(node.id);
    },
    lock: (node, name, wish) => begin(node, name, wish, undefined),
    convert(node, name, mode) {
      for (const locker of named(node, name)) convertTo(node, locker, mode);
    },
    unlock(node, name) {
      for (const locker of named(node, name)) end(node, locker);
    },
    load(node, count) {
      stopped = false;
      rounds.set(node.id, count);
      fill(node);
    },
    onDaemonStart: fill,
    endAll(node) {
      rounds.delete(node.id);
      for (const locker of [...node.lockers.values()]) end(node, locker);
    },
    stop() {
      stopped = true;
      for (const node of world().list) {
        for (const locker of [...node.lockers.values()]) if (locker.work === undefined) end(node, locker);
      }
    },
  };
}
