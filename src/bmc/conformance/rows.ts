/** What the conformance table is made of: a client that we did not write, a simulator, and what must come out. */
import type { Chassis } from "../chassis/chassis.ts";

/** A simulator that is ready for one client. Made anew for each row: nothing is left from the one before. */
export interface Rig {
  readonly host: string;
  readonly port: number;
  readonly chassis: Chassis;
  close(): Promise<void>;
}

export const LOGIN = { user: "admin", password: "conform-1" } as const;
/** What a client says when the password is to be wrong. */
export const WRONG_PASSWORD = "conform-2";

export type CaseName = "status" | "off" | "on" | "reboot" | "wrong password";

/** One way to call one client. Each family has a file of these; {@link ./main.ts} runs them all. */
export interface Client {
  /** The simulator, as in the table: `ipmi`. */
  readonly simulator: string;
  /** The client with what distinguishes this call: `ipmitool -C 17`. */
  readonly name: string;
  /** Program that must be installed. */
  readonly program: string;
  open(): Promise<Rig>;
  /** The command line for one action. Undefined: the client has no such action. */
  argv(
    action: "status" | "off" | "on" | "reboot",
    to: { readonly host: string; readonly port: number; readonly password: string },
  ): readonly string[] | undefined;
  /** Exit codes of a status. */
  readonly statusCodes: { readonly on: number; readonly off: number };
  /** What it prints when it is refused, where its exit code does not tell. */
  readonly refusedText?: RegExp;
  /** What a status prints, on either stream. */
  readonly statusText: { readonly on: RegExp; readonly off: RegExp };
}
