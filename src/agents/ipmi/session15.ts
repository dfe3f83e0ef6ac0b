/** Opens a session of IPMI 1.5: a challenge, signed with MD5. Only for devices that have nothing better. */
import { randomInt } from "node:crypto";
import type { Millis } from "../../core/ids.ts";
import { problem, type Result, success } from "../frame/agent.ts";
import { type Capabilities, OPEN_ENVELOPE } from "./capabilities.ts";
import { AUTH15, decodePacket, encode15, isGenuine15, secret15 } from "./packet.ts";
import { completionProblem } from "./problems.ts";
import { createReplayGuard } from "./replay.ts";
import {
  askOnce,
  atLeast,
  COMMAND,
  createSession,
  type Envelope,
  NETFN,
  raisePrivilege,
  type Session,
} from "./session.ts";
import type { OpenOptions } from "./session20.ts";

const USER_BYTES = 16;
const CHALLENGE_BYTES = 16;
/** Units: ms. A device that has just sent its challenge does not need longer. */
const LOGIN_SILENCE_MS: Millis = 4_000;
const UNKNOWN_USER: ReadonlySet<number> = new Set([0x81, 0x82]);
const NO_SLOT: ReadonlySet<number> = new Set([0x81, 0x82, 0x83]);
const PRIVILEGE_TOO_HIGH = 0x86;

export async function openSession15(options: OpenOptions, can: Capabilities): Promise<Result<Session>> {
  const { wire, account, nextNumber, limitMs } = options;
  const auth = authOf(options, can);
  if (!auth.ok) return auth;
  const secret = secret15(account.password);
  const user = Buffer.alloc(USER_BYTES);
  user.set(account.user);

  const challenged = await askOnce(
    { wire, nextNumber, envelope: OPEN_ENVELOPE },
    { netFn: NETFN.app, command: COMMAND.challenge, data: [auth.value, ...user], resend: "safe" },
    limitMs,
  );
  if (!challenged.ok) return challenged;
  const code = challenged.value.data.readUInt8(0);
  if (UNKNOWN_USER.has(code)) return problem("credentials", `${wire.device} does not know this user`);
  if (code !== 0) return { ok: false, problem: completionProblem(code, wire.device) };
  const offered = atLeast(challenged.value.data.subarray(1), 4 + CHALLENGE_BYTES, "challenge", wire);
  if (!offered.ok) return offered;
  const temporary = offered.value.subarray(0, 4);
  const challenge = offered.value.subarray(4, 4 + CHALLENGE_BYTES);

  const first = randomInt(1, 2 ** 31);
  const start = Buffer.alloc(4);
  start.writeUInt32LE(first);
  const opening = createEnvelope({ auth: auth.value, id: temporary, secret, firstSeq: 0 });
  const data = [auth.value, account.privilege, ...challenge, ...start];
  const activated = await askOnce(
    { wire, nextNumber, envelope: opening },
    { netFn: NETFN.app, command: COMMAND.activate, data, resend: "safe" },
    Math.min(limitMs, LOGIN_SILENCE_MS),
  );
  if (!activated.ok) {
    // Devices are silent to a wrong password here; that they are there at all was shown before.
    if (activated.problem.kind !== "timeout") return activated;
    return problem("credentials", `${wire.device} fell silent at the login: the password is probably wrong`);
  }
  const refused = activated.value.data.readUInt8(0);
  if (NO_SLOT.has(refused)) return problem("sessions-full", `${wire.device} has no session left`);
  if (refused === PRIVILEGE_TOO_HIGH) {
    return problem("privilege", `${wire.device} does not allow this privilege level: see privlvl`);
  }
  if (refused !== 0) {
    return problem("credentials", `${wire.device} refused the login: the password is probably wrong`);
  }
  const accepted = atLeast(activated.value.data.subarray(1), 10, "acceptance", wire);
  if (!accepted.ok) return accepted;
  const envelope = createEnvelope({
    auth: accepted.value.readUInt8(0),
    id: Buffer.from(accepted.value.subarray(1, 5)),
    firstSeq: accepted.value.readUInt32LE(5),
    secret,
  });
  return raisePrivilege(createSession({ ...options, envelope }), account.privilege);
}

/** Signed, or not at all unless somebody asked for it: the password does not go over the wire by itself. */
function authOf({ account, wire }: OpenOptions, can: Capabilities): Result<number> {
  const wanted = account.auth15 ?? "md5";
  if (can[wanted]) return success(AUTH15[wanted]);
  return problem("unsupported", `${wire.device} does not have the IPMI 1.5 authentication ${wanted}`);
}

function createEnvelope(head: {
  readonly auth: number;
  readonly id: Buffer;
  readonly secret: Buffer;
  readonly firstSeq: number;
}): Envelope {
  const { auth, id, secret } = head;
  const isFresh = createReplayGuard();
  let seq = head.firstSeq;
  return {
    id,
    wrap(message) {
      const bytes = encode15(message, { auth, seq, id, secret });
      if (seq !== 0) seq = (seq + 1) >>> 0 || 1;
      return bytes;
    },
    unwrap(bytes) {
      const packet = decodePacket(bytes);
      if (packet?.type !== "1.5") return undefined;
      const isOurs = packet.id.equals(id) || (head.firstSeq === 0 && packet.auth === AUTH15.none);
      if (!isOurs || (packet.auth !== AUTH15.none && !isGenuine15(packet, secret))) return undefined;
      // Once signed, always signed; only refusals of the login come without.
      if (auth !== AUTH15.none && packet.auth === AUTH15.none && head.firstSeq !== 0) return undefined;
      if (head.firstSeq !== 0 && packet.seq !== 0 && !isFresh(packet.seq)) return undefined;
      return packet.payload;
    },
  };
}
