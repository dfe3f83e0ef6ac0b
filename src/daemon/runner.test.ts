import assert from "node:assert/strict";
import { test } from "node:test";
import { InvariantViolation } from "../core/assert.ts";
import type { Effect } from "../core/effects.ts";
import type { Input } from "../core/inputs.ts";
import type { State } from "../core/state.ts";
import { type Core, createRunner, INPUTS_WAITING_MAX, type RunnerPorts } from "./runner.ts";

/** A core whose state is the list of what it saw; `decide` says what each input leads to. */
function play(decide: (input: Input) => readonly Effect[], deadline?: number) {
  const trace: string[] = [];
  const asState = (seen: readonly string[]): State => seen as unknown as State;
  const core: Core = {
    step: (state, input) => ({
      state: asState([...(state as unknown as string[]), input.type]),
      effects: decide(input),
    }),
    nextDeadline: () => deadline,
  };
  let onPerform = (_: Effect): void => {};
  let wake: (() => void) | undefined;
  const ports: RunnerPorts = {
    now: () => ({ mono: 100, wall: 0 }),
    wakeAt: (at, callback) => {
      trace.push(`wake at ${at}`);
      wake = callback;
      return () => {
        wake = undefined;
      };
    },
    record(input) {
      trace.push(`record ${input.type}`);
      return { done: (effects) => void trace.push(`decided ${effects.length}`) };
    },
    perform(effect) {
      trace.push(`perform ${effect.type}`);
      onPerform(effect);
    },
    onStep: () => void trace.push("told"),
    onBroken: (error) => void trace.push(`broken ${error instanceof InvariantViolation}`),
  };
  const runner = createRunner({ state: asState([]), effects: [] }, core, ports);
  return {
    trace,
    runner,
    wake: () => wake?.(),
    duringPerform: (action: (effect: Effect) => void) => {
      onPerform = action;
    },
    seen: () => runner.state() as unknown as string[],
  };
}

const thaw: Effect = { type: "thaw", epoch: 1 };
const freeze: Effect = { type: "freeze", because: [] };
const lost: Input = { type: "lost", why: "" };
const guard: Input = { type: "guard", inUse: [] };

test("an input is recorded before it is decided, and its effects are performed in order", () => {
  const { trace, runner } = play(() => [freeze, thaw]);
  runner.begin();
  trace.length = 0;
  runner.feed(lost);
  assert.deepEqual(trace, ["record lost", "decided 2", "perform freeze", "perform thaw", "told"]);
});

test("inputs before the beginning wait, inputs that effects cause queue behind", () => {
  const { trace, runner, seen, duringPerform } = play((input) =>
    input.type === "lost" ? [freeze, thaw] : [],
  );
  runner.feed(lost);
  assert.equal(trace.length, 0);
  duringPerform((effect) => {
    if (effect.type === "freeze") runner.feed(guard);
  });
  runner.begin();
  assert.deepEqual(seen(), ["lost", "guard"]);
  assert.ok(trace.indexOf("perform thaw") < trace.indexOf("record guard"), "never re-entered");
});

test("a core that throws ends everything: no effect and no input after it", () => {
  const { trace, runner, seen } = play((input) => {
    if (input.type === "lost") throw new InvariantViolation("I1: broken on purpose");
    return [thaw];
  });
  runner.begin();
  runner.feed(lost);
  assert.deepEqual(trace.slice(-2), ["record lost", "broken true"]);
  runner.feed(guard);
  assert.deepEqual(seen(), []);
  assert.equal(trace.at(-1), "broken true");
});

test("an exit among the effects is the last one", () => {
  const { trace, runner, duringPerform } = play(() => [{ type: "exit", code: 70, why: "" }, thaw]);
  duringPerform(() => runner.stop());
  runner.begin();
  runner.feed(lost);
  assert.equal(trace.includes("perform thaw"), false);
});

test("the timer ticks, and a deadline in the past does not make a busy loop", () => {
  const { trace, runner, wake, seen } = play(() => [], 40);
  runner.begin();
  assert.equal(trace.at(-1), "wake at 40");
  wake();
  assert.deepEqual(seen(), ["tick"]);
  assert.equal(trace.at(-1), "wake at 105");
});

test("a daemon that feeds itself without end is stopped at a limit", () => {
  const { trace, runner, duringPerform } = play(() => [freeze]);
  duringPerform(() => {
    for (let count = 0; count <= INPUTS_WAITING_MAX; count++) runner.feed(guard);
  });
  runner.begin();
  runner.feed(lost);
  assert.equal(trace.at(-1), "broken true");
});
