/**
 * The only place where time passes: one input at a time into the core, its effects in order, one
 * timer. The simulator replaces exactly this file and the ports.
 */
import { InvariantViolation } from "../core/assert.ts";
import type { Effect } from "../core/effects.ts";
import type { Millis, Now } from "../core/ids.ts";
import type { Input } from "../core/inputs.ts";
import type { State, Transition } from "../core/state.ts";

/** Inputs that wait while one is worked through. More mean that the daemon feeds itself. */
export const INPUTS_WAITING_MAX = 20_000;
/** Inputs worked through before timers, sockets and signals get their turn. */
const INPUTS_PER_TURN_MAX = 256;
/** Units: ms. Shortest sleep after a tick that left its deadline in the past. */
const TICK_PAUSE_MS = 5;

/** The pure part. */
export interface Core {
  step(state: State, input: Input, now: Now): Transition;
  nextDeadline(state: State): Millis | undefined;
}

export interface RunnerPorts {
  now(): Now;
  wakeAt(deadline: Millis, wake: () => void): () => void;
  /** Called before `step`; `done` after it, with what it decided. A crash must leave its cause. */
  record(input: Input, now: Now, before: State): { done(effects: readonly Effect[]): void };
  /** Starts one effect. Must not throw; inputs that it causes at once are queued. */
  perform(effect: Effect): void;
  /** The state changed (perhaps). Called once per input, after its effects. */
  onStep(state: State): void;
  /** Nothing is fed or performed after it. */
  onBroken(error: unknown): void;
}

export interface Runner {
  /** Performs the effects of the first transition. Inputs that came before wait for it. */
  begin(): void;
  feed(input: Input): void;
  state(): State;
  /** Ends it: later inputs are ignored. */
  stop(): void;
}

export function createRunner(first: Transition, core: Core, ports: RunnerPorts): Runner {
  let state = first.state;
  let waiting: Input[] = [];
  let busy = true; // Until `begin`.
  let stopped = false;
  let cancelWake = (): void => {};

  function stop(): void {
    stopped = true;
    waiting = [];
    cancelWake();
  }

  function perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (stopped) return; // An `exit` ends everything that comes after it.
      ports.perform(effect);
    }
  }

  function work(input: Input): void {
    const now = ports.now();
    const entry = ports.record(input, now, state);
    const next = core.step(state, input, now);
    entry.done(next.effects);
    state = next.state;
    perform(next.effects);
    if (!stopped) ports.onStep(state);
  }

  /** Works off what waits; never entered twice. */
  function guarded(job: () => void): void {
    if (stopped) return;
    busy = true;
    try {
      job();
      for (let count = 0; waiting.length > 0 && !stopped; count++) {
        if (count === INPUTS_PER_TURN_MAX) {
          setImmediate(() => guarded(() => {}));
          return; // Still busy: what arrives meanwhile queues behind.
        }
        work(waiting.shift() as Input);
      }
      busy = false;
      arm();
    } catch (error) {
      stop();
      ports.onBroken(error);
    }
  }

  function arm(): void {
    cancelWake();
    cancelWake = (): void => {};
    if (stopped) return;
    const deadline = core.nextDeadline(state);
    if (deadline === undefined || deadline === Number.POSITIVE_INFINITY) return;
    const earliest = ports.now().mono + TICK_PAUSE_MS;
    cancelWake = ports.wakeAt(ticked ? Math.max(deadline, earliest) : deadline, tick);
    ticked = false;
  }

  let ticked = false;
  function tick(): void {
    ticked = true;
    feed({ type: "tick" });
  }

  function feed(input: Input): void {
    if (stopped) return;
    if (busy && waiting.length >= INPUTS_WAITING_MAX) {
      stop();
      ports.onBroken(new InvariantViolation(`bounded-inputs: ${INPUTS_WAITING_MAX} inputs wait`));
      return;
    }
    waiting.push(input);
    if (!busy) guarded(() => {});
  }

  function begin(): void {
    guarded(() => {
      perform(first.effects);
      ports.onStep(state);
    });
  }

  return { begin, feed, state: () => state, stop };
}
