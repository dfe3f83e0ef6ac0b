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
