/** Get Channel Authentication Capabilities: is anybody there, and what does it speak? */
import type { Millis } from "../../core/ids.ts";
import { problem, type Result, success } from "../frame/agent.ts";
import { AUTH15, decodePacket, encode15, NO_ID } from "./packet.ts";
import { askOnce, COMMAND, type Envelope, NETFN } from "./session.ts";
import type { Wire } from "./wire.ts";

const THIS_CHANNEL = 0x0e;
const WITH_20 = 0x80;

export interface Capabilities {
  /** Undefined: it did not say (its answer was a refusal). */
  readonly speaks20: boolean | undefined;
  readonly speaks15: boolean | undefined;
  readonly md5: boolean;
  readonly password: boolean;
  readonly none: boolean;
}

/** Outside of any session: nothing is signed. */
export const OPEN_ENVELOPE: Envelope = {
  id: NO_ID,
  wrap: (message) => encode15(message, { auth: AUTH15.none, seq: 0, id: NO_ID, secret: NO_ID }),
  unwrap: (bytes) => {
    const packet = decodePacket(bytes);
    return packet?.type === "1.5" && packet.auth === AUTH15.none ? packet.payload : undefined;
  },
};

export async function askCapabilities(
  wire: Wire,
  nextNumber: () => number,
  privilege: number,
  limitMs: Millis,
): Promise<Result<Capabilities>> {
  // Old devices refuse the bit that asks for 2.0.
  for (const channel of [THIS_CHANNEL | WITH_20, THIS_CHANNEL]) {
    const data = [channel, privilege];
    const answer = await askOnce(
      { wire, nextNumber, envelope: OPEN_ENVELOPE },
      { netFn: NETFN.app, command: COMMAND.authCapabilities, data, resend: "safe" },
      limitMs,
    );
    if (!answer.ok) return answer;
    const decoded = decodeCapabilities(answer.value.data);
    if (decoded !== undefined) return success(decoded);
  }
  return problem("protocol", `${wire.device} does not say which ways of signing in it has`);
}

/** Shape: completion code first. Undefined: a refusal, or cut short. */
export function decodeCapabilities(data: Buffer): Capabilities | undefined {
  if (data.length < 4 || data.readUInt8(0) !== 0) return undefined;
  const types = data.readUInt8(2);
  const saysMore = (types & 0x80) !== 0 && data.length >= 5;
  const more = saysMore ? data.readUInt8(4) : 0;
  return {
    speaks20: saysMore ? (more & 0x02) !== 0 : false,
    speaks15: saysMore ? (more & 0x01) !== 0 || (more & 0x02) === 0 : true,
    none: (types & 0x01) !== 0,
    md5: (types & 0x04) !== 0,
    password: (types & 0x10) !== 0,
  };
}
