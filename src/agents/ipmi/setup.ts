/** The four packets that open a session of RMCP+, taken apart and put together. */
import { PAYLOAD } from "./packet.ts";
import type { Suite } from "./suites.ts";

export const RANDOM_BYTES = 16;
const GUID_BYTES = 16;
/** Looks the user up by name alone, not by name and privilege. */
export const NAME_ONLY = 0x10;

export interface SetupAnswer {
  readonly tag: number;
  /** 0: go on. */
  readonly status: number;
  readonly consoleId: Buffer;
  /** What stands behind the fixed part. */
  readonly rest: Buffer;
}

export function openRequest(tag: number, consoleId: Buffer, suite: Suite): Buffer {
  const block = (kind: number, algorithm: number): number[] => [kind, 0, 0, 8, algorithm, 0, 0, 0];
  return Buffer.concat([
    Buffer.from([tag, 0, 0, 0]),
    consoleId,
    Buffer.from([...block(0, suite.auth), ...block(1, suite.integrity), ...block(2, suite.confidentiality)]),
  ]);
}

export function rakp1(tag: number, bmcId: Buffer, random: Buffer, role: number, user: Buffer): Buffer {
  const head = Buffer.from([tag, 0, 0, 0]);
  return Buffer.concat([head, bmcId, random, Buffer.from([role, 0, 0, user.length]), user]);
}

/** `status` other than 0, and no code, has the device forget the session that it prepared. */
export function rakp3(tag: number, bmcId: Buffer, status: number, code: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, status, 0, 0]), bmcId, code]);
}

/** Undefined: too short to be an answer. */
export function decodeSetup(payloadType: number, payload: Buffer): SetupAnswer | undefined {
  const known = [PAYLOAD.openResponse, PAYLOAD.rakp2, PAYLOAD.rakp4] as readonly number[];
  if (!known.includes(payloadType) || payload.length < 2) return undefined;
  const status = payload.readUInt8(1);
  // Refusals may stop behind the status; what goes on must be there in full.
  if (payload.length < 8 && status === 0) return undefined;
  return {
    tag: payload.readUInt8(0),
    status,
    consoleId: payload.length < 8 ? Buffer.alloc(4) : payload.subarray(4, 8),
    rest: payload.subarray(8),
  };
}

/** Undefined: the device did not take the suite that it was offered, or cut its answer short. */
export function openedId(answer: SetupAnswer, suite: Suite): Buffer | undefined {
  const { rest } = answer;
  if (rest.length < 28) return undefined;
  const isAgreed =
    rest.readUInt8(8) === suite.auth &&
    rest.readUInt8(16) === suite.integrity &&
    rest.readUInt8(24) === suite.confidentiality;
  return isAgreed ? rest.subarray(0, 4) : undefined;
}

export function rakp2Parts(
  answer: SetupAnswer,
): { readonly random: Buffer; readonly guid: Buffer; readonly code: Buffer } | undefined {
  const { rest } = answer;
  if (rest.length < RANDOM_BYTES + GUID_BYTES) return undefined;
  return {
    random: rest.subarray(0, RANDOM_BYTES),
    guid: rest.subarray(RANDOM_BYTES, RANDOM_BYTES + GUID_BYTES),
    code: rest.subarray(RANDOM_BYTES + GUID_BYTES),
  };
}
