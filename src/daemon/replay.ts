/** Runs a flight record through the core again. The same inputs must give the same effects. */
import type { Effect } from "../core/effects.ts";
import type { Now } from "../core/ids.ts";
import type { Boot, Input } from "../core/inputs.ts";
import type { State, Transition } from "../core/state.ts";
import { formatFlightJson, parseFlightJson } from "./flight-json.ts";
import type { FlightLine } from "./flight-recorder.ts";

export interface ReplayCore {
  bootState(boot: Boot, now: Now): Transition;
  step(state: State, input: Input, now: Now): Transition;
}

export interface Difference {
  /** From 1. */
  readonly line: number;
  /** What was fed; absent: the start. */
  readonly input?: Input;
  /** The first effect that is not the same; absent: there is none any more, or there was none. */
  readonly recorded?: string;
  readonly now?: string;
}

export interface Replayed {
  /** Inputs that were replayed. */
  readonly inputs: number;
  /** By the recorded clock, from the first input to the last. Units: ms. */
  readonly spanMs: number;
  readonly differences: readonly Difference[];
  /** What `step` threw at the last input, when it did. */
  readonly thrown?: unknown;
  readonly state: State;
}

export interface ReplayOptions {
  /** `decisions`: what is only said (`log`) does not count. Absent: everything. */
  readonly compare?: "everything" | "decisions";
}

/** Errors: throws when a line is no JSON, with its number. */
export function readFlight(text: string): readonly FlightLine[] {
  return text.split("\n").flatMap((line, index) => {
    if (line === "") return [];
    try {
      return [parseFlightJson(line) as FlightLine];
    } catch (error) {
      throw new Error(`line ${index + 1} is no JSON: ${(error as Error).message}`, { cause: error });
    }
  });
}

function firstDifference(
  recorded: readonly Effect[],
  now: readonly Effect[],
  { compare }: ReplayOptions,
): Pick<Difference, "recorded" | "now"> | undefined {
  const texts = (effects: readonly Effect[]): readonly string[] =>
    effects.filter((effect) => compare !== "decisions" || effect.type !== "log").map(formatFlightJson);
  const [before, after] = [texts(recorded), texts(now)];
  const at = Array.from({ length: Math.max(before.length, after.length) }).findIndex(
    (_, index) => before[index] !== after[index],
  );
  if (at < 0) return undefined;
  const [was, is] = [before[at], after[at]];
  return { ...(was === undefined ? {} : { recorded: was }), ...(is === undefined ? {} : { now: is }) };
}

/** Errors: throws when these are no flight record of this version. */
export function replayLines(
  lines: readonly FlightLine[],
  core: ReplayCore,
  options: ReplayOptions = {},
): Replayed {
  const [boot, ...rest] = lines;
  if (boot?.type !== "boot" || boot.format !== 1) throw new Error("this is no flight record of this version");
  const differences: Difference[] = [];
  const compare = (
    line: number,
    recorded: readonly Effect[],
    now: readonly Effect[],
    input?: Input,
  ): void => {
    const found = firstDifference(recorded, now, options);
    if (found !== undefined) differences.push({ line, ...(input === undefined ? {} : { input }), ...found });
  };
  const first = core.bootState(boot.boot, boot.now);
  compare(1, boot.effects, first.effects);
  let state = first.state;
  let inputs = 0;
  let [from, to] = [boot.now.mono, boot.now.mono];
  for (const [index, line] of rest.entries()) {
    if (line.type === "state") {
      state = line.state;
      from = state.seenUntil;
    }
    if (line.type !== "input") continue;
    inputs++;
    to = line.now.mono;
    try {
      const next = core.step(state, line.input, line.now);
      if (line.effects !== undefined) compare(index + 2, line.effects, next.effects, line.input);
      state = next.state;
    } catch (thrown) {
      return { inputs, spanMs: to - from, differences, thrown, state };
    }
  }
  return { inputs, spanMs: to - from, differences, state };
}
