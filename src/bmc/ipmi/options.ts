import type { Chassis } from "../chassis/chassis.ts";

/** What a simulated controller does wrong. */
export type IpmiFault =
  | { readonly type: "none" }
  /** Hears everything and says nothing. */
  | { readonly type: "silent" }
  /** Units: ms before each answer. */
  | { readonly type: "slow"; readonly ms: number }
  /** Loses every `every`th datagram, those to it and those from it. */
  | { readonly type: "drops"; readonly every: number }
  /** Takes every order with "done" and does nothing. */
  | { readonly type: "lies" }
  /** Has another password now. */
  | { readonly type: "other-password" }
  | { readonly type: "sessions-full" }
  /** Refuses every order of the chassis with D4. */
  | { readonly type: "no-privilege" }
  /** Is busy (C0) for so many commands. */
  | { readonly type: "busy"; readonly times: number }
  /** Forgets all sessions, once, and goes on. */
  | { readonly type: "restarts" }
  /** Answers every datagram with these bytes. */
  | { readonly type: "garbage"; readonly bytes: Uint8Array };

export interface IpmiLogin {
  readonly user: string;
  readonly password: string;
  readonly privilege?: "user" | "operator" | "administrator";
}

export interface IpmiSimulatorOptions {
  readonly chassis: Chassis;
  readonly login: IpmiLogin;
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  /** Cipher suites that it takes. Default: 3 and 17. */
  readonly suites?: readonly number[];
  /** `both` is the default. */
  readonly dialects?: "1.5" | "2.0" | "both";
  /** Kg, in hexadecimal. */
  readonly bmcKeyHex?: string;
  readonly sessionsMax?: number;
  /** Shape: 32 hexadecimal digits, as they go over the wire. */
  readonly guidHex?: string;
  readonly serial?: string;
  readonly product?: string;
  /** Units: ms between off and on of a cycle. */
  readonly cycleMs?: number;
}
