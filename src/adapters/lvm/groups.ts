/** Volume groups of one host: which are started, and what they are known by. */
import type { LockClaim } from "../../core/locks/types.ts";
import type { LockSet } from "./lock-set.ts";
import { RESULT } from "./message.ts";
import { argsOf, GROUP_LOCK, groupOf, STARTED, startedBy, uuidOfStarted } from "./names.ts";

export interface Group {
  readonly lockspace: string;
  readonly name: string;
  /** Empty: not known. */
  readonly uuid: string;
  /** The administrator gave it up: nothing in it is granted any more. */
  killed: boolean;
}

export interface Groups {
  started(): readonly Group[];
  get(lockspace: string): Group | undefined;
  /** Answers before it is granted: `settled` waits. Result: for the command. */
  start(lockspace: string, args: string, uuid: string): number;
  /** Refused while this host has a volume of it. */
  stop(lockspace: string, ofCommand: LockSet): Promise<number>;
  /** Gives everything in it back. */
  abandon(lockspace: string): Promise<void>;
  settled(): Promise<void>;
}

export interface GroupsPorts {
  readonly cluster: () => string;
  readonly othersOf: (lockspace: string, name: string) => readonly string[];
  readonly held: readonly LockClaim[];
}

export function createGroups({ cluster, othersOf, held }: GroupsPorts, locks: LockSet): Groups {
  const all = new Map<string, Group>();
  const add = (lockspace: string, uuid: string): void => {
    all.set(lockspace, { lockspace, name: groupOf(lockspace), uuid, killed: false });
  };
  for (const { lockspace, name, owner } of held) {
    if (name === STARTED && locks.has(lockspace, STARTED)) add(lockspace, uuidOfStarted(owner) ?? "");
  }

  /** A group of the same name that is another one: their metadata has nothing to do with one another. */
  function isAnother(lockspace: string, uuid: string): boolean {
    const known = othersOf(lockspace, STARTED).map(uuidOfStarted);
    return uuid !== "" && known.some((other) => other !== undefined && other !== uuid);
  }

  async function abandon(lockspace: string): Promise<void> {
    all.delete(lockspace);
    await Promise.all(locks.namesIn(lockspace).map((name) => locks.drop(lockspace, name)));
  }

  return {
    started: () => [...all.values()],
    get: (lockspace) => all.get(lockspace),
    start(lockspace, args, uuid) {
      if (args !== "" && args !== argsOf(cluster())) return RESULT.badArgs;
      if (all.has(lockspace)) return RESULT.exists;
      if (isAnother(lockspace, uuid)) return RESULT.badArgs;
      add(lockspace, uuid);
      const wish = { lockspace, name: STARTED, mode: "NL", persistent: true } as const;
      void locks.take({ ...wish, owner: startedBy(uuid) }, undefined).then((granted) => {
        if (!granted && !locks.has(lockspace, STARTED)) all.delete(lockspace);
      });
      return RESULT.ok;
    },
    async stop(lockspace, ofCommand) {
      if (!all.has(lockspace)) return RESULT.notStarted;
      if (locks.namesIn(lockspace).some((name) => name !== STARTED)) return RESULT.busy;
      await ofCommand.drop(lockspace, GROUP_LOCK);
      await abandon(lockspace);
      return RESULT.ok;
    },
    abandon,
    async settled() {
      for (const lockspace of [...all.keys()]) await locks.settled(lockspace, STARTED);
    },
  };
}
