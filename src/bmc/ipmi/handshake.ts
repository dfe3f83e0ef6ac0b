/** The controller's side of RAKP: payload in, payload out. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { PRIVILEGES } from "../../agents/ipmi/account.ts";
import { PAYLOAD } from "../../agents/ipmi/packet.ts";
import {
  type Handshake,
  keyOf,
  rakp2Code,
  rakp3Code,
  SUITES,
  sessionKeys,
} from "../../agents/ipmi/suites.ts";
import type { IpmiSimulatorOptions } from "./options.ts";
import type { SessionTable } from "./sessions.ts";

const STATUS = {
  fine: 0x00,
  full: 0x01,
  badId: 0x02,
  badAuth: 0x04,
  badRole: 0x0a,
  badName: 0x0d,
  badProof: 0x0f,
  noSuite: 0x11,
} as const;

export interface Reply {
  readonly payloadType: number;
  readonly payload: Buffer;
}

/** Undefined: nothing is said to that. */
export type Shake = (payloadType: number, payload: Buffer) => Reply | undefined;

export function createShake(
  options: IpmiSimulatorOptions,
  table: SessionTable,
  mood: { readonly isFull: () => boolean; readonly password: () => string },
): Shake {
  const { login } = options;
  const suites = options.suites ?? [3, 17];
  const guid = Buffer.from(options.guidHex ?? "00112233445566778899aabbccddeeff", "hex");

  function open(payload: Buffer): Reply | undefined {
    if (payload.length < 32) return undefined;
    const tag = payload.readUInt8(0);
    const consoleId = payload.subarray(4, 8);
    const [auth, integrity, confidentiality] = [12, 20, 28].map((at) => payload.readUInt8(at));
    const refuse = (status: number): Reply => ({
      payloadType: PAYLOAD.openResponse,
      payload: Buffer.concat([Buffer.from([tag, status, 0, 0]), consoleId]),
    });
    if (!SUITES.some((one) => suites.includes(one.id) && one.auth === auth)) return refuse(STATUS.badAuth);
    const suite = SUITES.find(
      (one) =>
        suites.includes(one.id) &&
        one.auth === auth &&
        one.integrity === integrity &&
        one.confidentiality === confidentiality,
    );
    if (suite === undefined) return refuse(STATUS.noSuite);
    const session = mood.isFull() ? undefined : table.open20(suite, consoleId);
    if (session === undefined) return refuse(STATUS.full);
    const head = Buffer.from([tag, STATUS.fine, 4, 0]);
    return {
      payloadType: PAYLOAD.openResponse,
      payload: Buffer.concat([head, consoleId, session.id, payload.subarray(8, 32)]),
    };
  }

  function rakp2(payload: Buffer): Reply | undefined {
    if (payload.length < 28) return undefined;
    const tag = payload.readUInt8(0);
    const session = table.find(payload.subarray(4, 8));
    const user = payload.subarray(28, 28 + payload.readUInt8(27));
    const role = payload.readUInt8(24);
    const refuse = (status: number, consoleId: Buffer): Reply => ({
      payloadType: PAYLOAD.rakp2,
      payload: Buffer.concat([Buffer.from([tag, status, 0, 0]), consoleId]),
    });
    if (session?.type !== "2.0") return refuse(STATUS.badId, Buffer.alloc(4));
    const { consoleId } = session;
    if (user.toString("utf8") !== login.user) {
      table.end(session.id);
      return refuse(STATUS.badName, consoleId);
    }
    const privilegeMax = PRIVILEGES[login.privilege ?? "administrator"] ?? 0;
    if ((role & 0x0f) > privilegeMax) {
      table.end(session.id);
      return refuse(STATUS.badRole, consoleId);
    }
    const passwordKey = keyOf(Buffer.from(mood.password(), "utf8"));
    // Asked twice, it says the same twice: a repeated RAKP 1 must not spoil the RAKP 3 under way.
    const shake: Handshake = {
      suite: session.suite,
      consoleId,
      bmcId: session.id,
      consoleRandom: Buffer.from(payload.subarray(8, 24)),
      bmcRandom: session.shake?.bmcRandom ?? randomBytes(16),
      guid,
      role,
      user: Buffer.from(user),
      passwordKey,
      bmcKey: options.bmcKeyHex === undefined ? passwordKey : keyOf(Buffer.from(options.bmcKeyHex, "hex")),
    };
    session.shake = shake;
    const head = Buffer.from([tag, STATUS.fine, 0, 0]);
    return {
      payloadType: PAYLOAD.rakp2,
      payload: Buffer.concat([head, consoleId, shake.bmcRandom, guid, rakp2Code(shake)]),
    };
  }

  function rakp4(payload: Buffer): Reply | undefined {
    if (payload.length < 8) return undefined;
    const tag = payload.readUInt8(0);
    const session = table.find(payload.subarray(4, 8));
    if (session?.type !== "2.0" || session.shake === undefined) return undefined;
    const { shake } = session;
    if (payload.readUInt8(1) !== STATUS.fine) {
      table.end(session.id);
      return undefined;
    }
    const reply = (status: number, code: Buffer): Reply => ({
      payloadType: PAYLOAD.rakp4,
      payload: Buffer.concat([Buffer.from([tag, status, 0, 0]), session.consoleId, code]),
    });
    const code = rakp3Code(shake);
    const given = payload.subarray(8);
    if (given.length !== code.length || !timingSafeEqual(given, code)) {
      table.end(session.id);
      return reply(STATUS.badProof, Buffer.alloc(0));
    }
    session.keys = sessionKeys(shake);
    session.isActive = true;
    return reply(STATUS.fine, session.keys.proof);
  }

  return (payloadType, payload) => {
    switch (payloadType) {
      case PAYLOAD.openRequest:
        return open(payload);
      case PAYLOAD.rakp1:
        return rakp2(payload);
      case PAYLOAD.rakp3:
        return rakp4(payload);
      default:
        return undefined;
    }
  };
}
