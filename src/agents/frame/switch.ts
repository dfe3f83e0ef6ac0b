/** Brings plugs to a state and makes sure that they are there. */
import type { Millis } from "../../core/ids.ts";
import {
  type AgentContext,
  type AgentProblem,
  type Power,
  type ProblemKind,
  type Result,
  success,
} from "./agent.ts";
import type { PowerDevice } from "./device.ts";
import { leftMs, nowMs, pause } from "./pace.ts";
import type { Values } from "./values.ts";

/** Between the two reads that make an off. Units: ms. Some devices say off when they accept the order. */
const OFF_CONFIRM_MS: Millis = 30;
/** Units: ms. First wait between two reads, and the longest. */
const POLL_MS_MIN: Millis = 25;
const POLL_MS_MAX: Millis = 500;
const POLL_GROWTH = 1.6;
/** Units: ms. An order that shows no effect is given again: on and off may be repeated. */
const RESEND_MS: Millis = 5_000;
/** Attempts at one on. A configuration that wants more wants a mistake. */
const ATTEMPTS_MAX = 100;

/** Repeating does not help against these. */
const FINAL: ReadonlySet<ProblemKind> = new Set([
  "usage",
  "address",
  "credentials",
  "privilege",
  "certificate",
  "missing",
  "unsupported",
  "cancelled",
]);

export interface Switch {
  /** All plugs together: `off` when all are, `on` when one is and none is unknown. */
  read(): Promise<Result<Power>>;
  /** A second reading of off, a little later. */
  confirmOff(): Promise<Result<void>>;
  /** Sends and polls, within power_timeout. */
  turn(to: "on" | "off"): Promise<Result<void>>;
  turnOn(attempts: number): Promise<Result<void>>;
  each(order: (plug: string) => Promise<Result<void>>): Promise<Result<void>>;
}

export function createSwitch(options: {
  readonly device: PowerDevice;
  readonly plugs: readonly string[];
  readonly values: Values;
  readonly context: AgentContext;
}): Switch {
  const { device, plugs, values, context } = options;
  const pollMsMax = values.isGiven("stonith_status_sleep")
    ? Math.max(POLL_MS_MIN, values.number("stonith_status_sleep", 1) * 1_000)
    : POLL_MS_MAX;

  async function read(): Promise<Result<Power>> {
    let power: Power | undefined;
    for (const plug of plugs) {
      const one = await device.power(plug);
      if (!one.ok) return one;
      if (one.value === "unknown" || power === undefined || power === "off") power = one.value;
    }
    return success(power ?? "unknown");
  }

  async function confirmOff(): Promise<Result<void>> {
    if (context.confirms === "caller") return success(undefined);
    await pause(OFF_CONFIRM_MS, context.signal);
    const again = await read();
    if (!again.ok) return again;
    return again.value === "off" ? success(undefined) : notReached("it read off once, and then no more");
  }

  async function each(order: (plug: string) => Promise<Result<void>>): Promise<Result<void>> {
    for (const plug of plugs) {
      const sent = await order(plug);
      if (!sent.ok) return sent;
    }
    return success(undefined);
  }

  /** Sends to all plugs, also when one refuses: what can be off shall be off. */
  async function send(to: "on" | "off"): Promise<AgentProblem | undefined> {
    let first: AgentProblem | undefined;
    for (const plug of plugs) {
      // The last moment at which a shot that nobody wants any more hits nobody.
      if (leftMs(context) <= 0) return first ?? calledOff();
      const sent = await device.set(plug, to);
      if (!sent.ok) first ??= sent.problem;
      // The default of power_wait is for devices that are asked blindly; we poll.
      if (values.isGiven("power_wait")) {
        await pause(values.number("power_wait", 0) * 1_000, context.signal);
      }
    }
    return first;
  }

  async function turn(to: "on" | "off"): Promise<Result<void>> {
    const limitMs = powerTimeoutMs(values);
    const startedAt = nowMs();
    let sentAt = startedAt;
    let problem = await send(to);
    let seen: Power | undefined;
    let waitMs = POLL_MS_MIN;
    // Ends: by the limit, by the deadline, by a problem that stays.
    while (problem === undefined || !FINAL.has(problem.kind)) {
      const now = await read();
      if (now.ok) {
        seen = now.value;
        problem = undefined;
        if (now.value === to && to === "on") return success(undefined);
        const confirmed = now.value === to ? await confirmOff() : undefined;
        if (confirmed?.ok === true) return confirmed;
        if (confirmed?.ok === false) problem = confirmed.problem;
      } else problem = now.problem;
      if (problem !== undefined && FINAL.has(problem.kind)) break;
      const passedMs = nowMs() - startedAt;
      if (leftMs(context) <= 0 || passedMs >= limitMs) {
        return problem === undefined || problem.kind === "not-reached"
          ? notReached(stuck(seen, to, passedMs))
          : { ok: false, problem };
      }
      await pause(waitMs, context.signal);
      waitMs = Math.min(waitMs * POLL_GROWTH, pollMsMax);
      if (nowMs() - sentAt >= RESEND_MS && seen !== to) {
        sentAt = nowMs();
        problem = await send(to);
      }
    }
    return { ok: false, problem };
  }

  return {
    read,
    confirmOff,
    turn,
    each,
    async turnOn(attempts) {
      let last: Result<void> = notReached("it was not told to switch on");
      for (let attempt = 0; attempt < Math.min(attempts, ATTEMPTS_MAX) && leftMs(context) > 0; attempt++) {
        last = await turn("on");
        if (last.ok || FINAL.has(last.problem.kind)) return last;
      }
      return last;
    },
  };
}

/** Units: ms. No limit of its own means until the deadline of the run. */
function powerTimeoutMs(values: Values): Millis {
  const seconds = values.isOn("disable_timeout") ? 0 : values.number("power_timeout", 20);
  return seconds > 0 ? seconds * 1_000 : Number.POSITIVE_INFINITY;
}

function stuck(seen: Power | undefined, to: "on" | "off", passedMs: Millis): string {
  const state = seen === undefined ? "nothing could be read" : `it reads ${seen}`;
  return `told to switch ${to}, ${state} after ${(passedMs / 1_000).toFixed(1)} s`;
}

function calledOff(): AgentProblem {
  return { kind: "cancelled", detail: "its time was over, or it was called off, before the order was sent" };
}

function notReached(detail: string): { ok: false; problem: AgentProblem } {
  return { ok: false, problem: { kind: "not-reached", detail } };
}
