/** Bugs of the lock manager, planted on purpose. Hunted where there is most locking. */
import type { Mutant } from "./list.ts";

function mutant(name: string, breaks: string, file: string, find: string, replace: string): Mutant {
  return { name: `lock-${name}`, breaks, file, find, replace, profile: "locks" };
}

export const LOCK_MUTANTS: readonly Mutant[] = [
  mutant(
    "granted-by-the-request",
    "only the master's message gives anybody anything",
    "locks/deliver.ts",
    "    const after = applyOp(before, from.nodeId, op, wall);\n",
    `    const asked = applyOp(before, from.nodeId, op, wall);
    const after = op.type === "lock" ? (grant(asked, from.nodeId, op.id, op.mode) ?? asked) : asked;
    if (mine) updateLocks(turn, { telling: chained(turn.state.locks.telling, [op.id]) });
`,
  ),
  mutant(
    "told-while-frozen",
    "nobody is let in while this node's gate is shut",
    "locks/drive.ts",
    "if (telling === undefined || !turn.state.gate.open) return;",
    "if (telling === undefined) return;",
  ),
  mutant(
    "claims-are-not-heard",
    "what a process holds by its own word replaces what the base has of it",
    "domain/admit.ts",
    "  adoptLockClaims(turn, roles, base.wall);\n",
    "",
  ),
  mutant(
    "of-the-lost-stay",
    "the locks of a node that is proven gone are free",
    "fencing/incidents.ts",
    'if (closing.how !== "reunited") dropLocksOf(turn, node);',
    "",
  ),
  mutant(
    "value-is-never-in-doubt",
    "what a lost writer left behind is in doubt",
    "locks/table.ts",
    "const sure = holders(resource).some(",
    "const sure = value.valid || holders(resource).some(",
  ),
  mutant(
    "new-ones-pass-conversions",
    "new requests wait while a conversion waits",
    "locks/decide.ts",
    "if (free && first?.wants",
    "if ((free || resource.waiting.length > 0) && first?.wants",
  ),
  mutant(
    "queue-is-jumped",
    "new requests are served in turn",
    "locks/decide.ts",
    "  const [first] = waiting;\n",
    `  const first = waiting.find(
    (lock) => lock.wants !== undefined && fits(resource, lock.node, lock.id, lock.wants),
  );
`,
  ),
  mutant(
    "readers-beside-a-writer",
    "PW lets nobody read but CR",
    "locks/modes.ts",
    'PW: ["NL", "CR"],',
    'PW: ["NL", "CR", "PR"],',
  ),
  mutant(
    "forgotten-by-a-new-daemon",
    "what processes hold outlives their daemon",
    "boot.ts",
    "locks: fromClaims(boot.held ?? []),",
    "locks: fromClaims([]),",
  ),
  mutant(
    "holder-is-clean",
    "a host that holds a lock is not clean",
    "domain/hello.ts",
    "if (state.inUse === undefined || locks.length === 0) return state.inUse;",
    "if (state.inUse === undefined || locks.length >= 0) return state.inUse;",
  ),
  mutant(
    "stray-is-not-told",
    "owners hear that their node was left behind",
    "locks/compare.ts",
    'const left = outside?.role === "stray" || outside?.role === "refused";',
    'const left = outside?.role === "refused";',
  ),
  mutant(
    "circle-stays",
    "conversions that wait for one another are found",
    "locks/decide.ts",
    "if (converting.length < 2) return undefined;",
    "if (converting.length < 1_000) return undefined;",
  ),
  mutant(
    "hasty-ones-wait",
    "whoever does not want to wait is refused",
    "locks/decide.ts",
    "const hasty = waiting.find((lock) => lock.noQueue === true && !waitsForAnswer(resource, lock));",
    "const hasty = waiting.find((lock) => lock.noQueue === true && lock.mode !== undefined);",
  ),
  mutant(
    "unheard-requests-are-lost",
    "what did not get through in one ring is said again in the next",
    "locks/compare.ts",
    "outgoing: chained(undefined, ids),",
    "outgoing: undefined,",
  ),
  mutant(
    "table-is-not-sent",
    "whoever lacks the ledger gets its locks, too",
    "domain/sync.ts",
    "    sendTable(turn, locks);\n",
    "",
  ),
  mutant(
    "value-is-lost-with-the-next-wish",
    "a value that nobody heard of yet is written with the next wish",
    "locks/local.ts",
    "function withoutNoQueue({ noQueue: _noQueue, ...lock }: OwnLock)",
    "function withoutNoQueue({ noQueue: _noQueue, value: _value, ...lock }: OwnLock)",
  ),
  mutant(
    "given-back-is-claimed",
    "whoever has given rights back does not claim them",
    "locks/local.ts",
    "    ...(lowers ? { held: mode } : {}),\n",
    "",
  ),
  mutant(
    "kept-is-granted-while-frozen",
    "a frozen gate grants nothing that a node keeps, either",
    "locks/sticky.ts",
    'if (!gate.open || ring?.phase !== "synced"',
    'if (ring?.phase !== "synced"',
  ),
  mutant(
    "kept-outlives-the-stray",
    "a node that was left behind has lost what it kept",
    "locks/compare.ts",
    "      if (gone) forgetKept(turn, lock);\n      else if (",
    "      if (",
  ),
  mutant(
    "kept-is-not-given-up",
    "what a node only keeps is free for whoever asks",
    "locks/deliver.ts",
    "    if (own?.kept === true) giveUpKept(turn, own);",
    "    if (own?.kept === true) continue;",
  ),
  mutant(
    "kept-in-spite-of-waiters",
    "nothing is kept that somebody waits for",
    "locks/sticky.ts",
    "if (resource === undefined || resource.converting.length + resource.waiting.length > 0) return false;",
    "if (resource === undefined) return false;",
  ),
  mutant(
    "kept-grants-more-than-it-is",
    "a kept lock grants what it covers, and nothing else",
    "locks/sticky.ts",
    "lock?.held !== undefined && covers(lock.held, wish.mode);",
    "lock?.held !== undefined;",
  ),
  mutant(
    "kept-without-its-value",
    "what the last user wrote is kept with the lock",
    "locks/sticky.ts",
    "const kept: OwnLock = { ...lock, ...written, kept: true };",
    "const kept: OwnLock = { ...lock, ...(written.value === undefined ? {} : {}), kept: true };",
  ),
  mutant(
    "value-goes-with-a-wish-for-more",
    "only who gives rights back writes a value",
    "locks/drive.ts",
    "...(lowers ? write : {}) };",
    "...(lowers || value !== undefined ? write : {}) };",
  ),
  mutant(
    "nobody-says-that-it-is-in-use",
    "whoever does not want to wait hears whether the lock is in use",
    "locks/drive.ts",
    'return asked ? { type: "in-use", ...named } : undefined;',
    'return asked && known.persistent === true ? { type: "in-use", ...named } : undefined;',
  ),
  mutant(
    "old-number-opens-a-new-lock",
    "whoever has given a lock back has no hand in what its next user does",
    "locks/local.ts",
    "return lock?.kept === true || clientOf(turn, number) !== id ? undefined : lock;",
    "return lock?.kept === true ? undefined : lock;",
  ),
];
