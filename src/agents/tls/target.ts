import type { Millis } from "../../core/ids.ts";
import type { TlsProfile } from "./profile.ts";
import type { Trust } from "./trust.ts";

/** A device, and how to speak to it. */
export interface TlsTarget {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly trust: Trust;
  readonly profile: TlsProfile;
  /** Units: ms, for resolving, connecting and the handshake together. */
  readonly connectMs: Millis;
}
