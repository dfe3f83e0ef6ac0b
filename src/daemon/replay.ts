/** Runs a flight record through the core again. The same inputs must give the same effects. */
import { readFileSync } from "node:fs";
import type { Now } from "../core/ids.ts";
import type { Boot, Input } from "../core/inputs.ts";
import type { State, Transition } from "../core/state.ts";
import { formatFlightJson, parseFlightJson } from "./flight-json.ts";
import type { FlightLine } from "./flight-recorder.ts";

export interface ReplayCore {
  bootState(boot: Boot, now: Now): Transition;
  step(state: State, input: Input, now: Now): Transition;
}

export interface Replayed {
  /** Inputs that were replayed. */
  readonly inputs: number;
  /** Lines (from 1) whose effects differ from the recorded ones. */
  readonly differences: readonly { readonly line: number; readonly recorded: string; readonly now: string }[];
  /** What `step` threw at the last input, when it did. */
  readonly thrown?: unknown;
  readonly state: State;
}

/** Errors: throws when the file cannot be read or is no flight record. */
export function replay(path: string, core: ReplayCore): Replayed {
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return replayLines(
    lines.map((line) => parseFlightJson(line) as FlightLine),
    core,
  );
}

export function replayLines(lines: readonly FlightLine[], core: ReplayCore): Replayed {
  const [boot, ...rest] = lines;
  if (boot?.type !== "boot" || boot.format !== 1) throw new Error("this is no flight record of this version");
  const differences: Replayed["differences"][number][] = [];
  const compare = (line: number, recorded: unknown, now: unknown): void => {
    const texts = { recorded: formatFlightJson(recorded), now: formatFlightJson(now) };
    if (texts.recorded !== texts.now) differences.push({ line, ...texts });
  };
  const first = core.bootState(boot.boot, boot.now);
  compare(1, boot.effects, first.effects);
  let state = first.state;
  let inputs = 0;
  for (const [index, line] of rest.entries()) {
    if (line.type === "state") state = line.state;
    if (line.type !== "input") continue;
    inputs++;
    try {
      const next = core.step(state, line.input, line.now);
      if (line.effects !== undefined) compare(index + 2, line.effects, next.effects);
      state = next.state;
    } catch (thrown) {
      return { inputs, differences, thrown, state };
    }
  }
  return { inputs, differences, state };
}
