import assert from "node:assert/strict";
import { test } from "node:test";
import type { Guard } from "../ports/guard.ts";
import { createGuardKeeper } from "./guard-keeper.ts";

/** A guard whose answers are given by hand. */
function manualGuard(): { readonly guard: Guard; readonly answers: ((inUse: readonly string[]) => void)[] } {
  const answers: ((inUse: readonly string[]) => void)[] = [];
  const guard: Guard = {
    name: "manual",
    freeze: async () => [],
    thaw: async () => [],
    inUse: () => new Promise((resolve) => answers.push(resolve)),
  };
  return { guard, answers };
}

/** Lets everything that is ready happen. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test("an answer from before a freeze is not believed after it", async () => {
  const { guard, answers } = manualGuard();
  const told: string[] = [];
  const keeper = createGuardKeeper({
    guards: [guard],
    settleMs: 0,
    onInUse: (inUse) => told.push(inUse.join() || "clean"),
    onDone: () => {},
  });
  const first = keeper.ask();
  answers.shift()?.([]);
  await first;
  assert.deepEqual(told, ["clean"]);

  const stale = keeper.ask();
  keeper.freeze(["a victim"]);
  await settle();
  answers.shift()?.([]); // Asked before the freeze: worth nothing.
  await stale;
  assert.deepEqual(told, ["clean"]);
  answers.shift()?.(["vm 100"]);
  await settle();
  assert.deepEqual(told, ["clean", "vm 100"]);
  keeper.close();
});

test("the same answer is told again after a freeze: the core has forgotten it", async () => {
  const { guard, answers } = manualGuard();
  const told: string[] = [];
  const keeper = createGuardKeeper({
    guards: [guard],
    settleMs: 0,
    onInUse: () => told.push("told"),
    onDone: () => {},
  });
  for (const freeze of [false, true, false]) {
    if (freeze) {
      keeper.freeze([]);
      await settle();
    } else void keeper.ask();
    answers.shift()?.([]);
    await settle();
  }
  assert.deepEqual(told, ["told", "told"]);
  keeper.close();
});
