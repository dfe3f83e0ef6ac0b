/** What every simulator that is started by hand can do, whatever it speaks. */
import type { Chassis } from "../chassis/chassis.ts";

export interface ByHandOptions {
  readonly host: string;
  readonly port: number;
  readonly login: string;
  readonly password: string;
  readonly chassis: Chassis;
}

export interface Simulated {
  readonly host: string;
  readonly port: number;
  /** Its faults by name; `none` is always one. Each is there until the next. */
  readonly faults: Readonly<Record<string, () => void | Promise<void>>>;
  close(): Promise<void>;
}

export type Start = (options: ByHandOptions) => Promise<Simulated>;

/** Units: ms before each answer of a simulator that is slow. */
export const SLOW_MS = 2_000;
/** What no protocol begins with. */
export const GARBAGE: Uint8Array = Buffer.from("\u00ff\u0000 no such protocol \u0000", "latin1");

/** Faults that every simulator has, by the same words. */
type Common =
  | { readonly type: "none" | "silent" | "lies" }
  | { readonly type: "slow"; readonly ms: typeof SLOW_MS };

interface Simulator<Fault> {
  readonly host: string;
  readonly port: number;
  misbehave(fault: Fault): void;
  close(): Promise<void>;
}

/** `own`: its faults besides those that all have; a function is something that is done once. */
export function simulatedBy<Fault extends { readonly type: string }>(
  simulator: Simulator<Fault | Common>,
  own: Readonly<Record<string, Fault | (() => void | Promise<void>)>>,
): Simulated {
  const common = { none: { type: "none" }, silent: { type: "silent" }, lies: { type: "lies" } } as const;
  const all = Object.entries({ ...common, slow: { type: "slow", ms: SLOW_MS } as const, ...own });
  const begin = (fault: Fault | Common | (() => void | Promise<void>)) =>
    typeof fault === "function" ? fault : () => simulator.misbehave(fault);
  return {
    host: simulator.host,
    port: simulator.port,
    faults: Object.fromEntries(all.map(([name, fault]) => [name, begin(fault)])),
    close: () => simulator.close(),
  };
}
