/** Datagram in, datagram out: the simulated controller without its socket. */

import { PRIVILEGES } from "../../agents/ipmi/account.ts";
import { CONSOLE_ADDRESS, decodeMessage, encodeMessage, type Message } from "../../agents/ipmi/message.ts";
import {
  AUTH15,
  decodePacket,
  encode15,
  encodePlain20,
  isGenuine15,
  NO_ID,
  PAYLOAD,
  type Packet15,
  type Packet20,
  seal,
  secret15,
  unseal,
} from "../../agents/ipmi/packet.ts";
import { COMMAND, NETFN } from "../../agents/ipmi/session.ts";
import { SUITES } from "../../agents/ipmi/suites.ts";
import { type Commands, createCommands } from "./commands.ts";
import { createShake } from "./handshake.ts";
import type { IpmiFault, IpmiSimulatorOptions } from "./options.ts";
import { createSessionTable, type Session15, type Session20 } from "./sessions.ts";

const CHANNEL = 1;
const CIPHER_SUITES = 0x54;
const RECORDS_BYTES = 16;
const DONE = 0x00;
const BUSY = 0xc0;
const NO_SLOT = 0x81;
const NO_USER = 0x81;
const PRIVILEGE_TOO_HIGH = 0x86;
const BAD_SESSION = 0x87;
const RMCP_CLASS_ASF = 0x06;

export interface Controller {
  answer(bytes: Buffer): Buffer | undefined;
  restart(): void;
  readonly orders: readonly string[];
  readonly sessions: number;
  close(): void;
}

export function createController(options: IpmiSimulatorOptions, fault: () => IpmiFault): Controller {
  const { login, dialects = "both" } = options;
  const suites = options.suites ?? [3, 17];
  const table = createSessionTable(options.sessionsMax);
  const commands: Commands = createCommands(options, fault);
  const privilegeMax = PRIVILEGES[login.privilege ?? "administrator"] ?? 0;
  const isFull = (): boolean => fault().type === "sessions-full";
  const password = (): string =>
    fault().type === "other-password" ? `not ${login.password}` : login.password;
  const shake = createShake(options, table, { isFull, password });
  let busy: { readonly fault: IpmiFault; times: number } | undefined;

  /** Commands that need no session: what are you, what can you, let me in. */
  function outside(message: Message): readonly number[] | undefined {
    const { netFn, command, data } = message;
    if (netFn !== NETFN.app) return undefined;
    if (command === COMMAND.authCapabilities) {
      const asks20 = ((data[0] ?? 0) & 0x80) !== 0 && dialects !== "1.5";
      const types = dialects === "2.0" ? 0x00 : 0x04;
      const more = (dialects === "1.5" ? 0 : 0x02) | (dialects === "2.0" ? 0 : 0x01);
      const kg = options.bmcKeyHex === undefined ? 0 : 0x20;
      return [DONE, CHANNEL, types | (asks20 ? 0x80 : 0), 0x04 | kg, asks20 ? more : 0, 0, 0, 0, 0];
    }
    if (command === CIPHER_SUITES && dialects !== "1.5") {
      const records = suites.flatMap((id) => recordOf(id));
      const from = ((data[2] ?? 0) & 0x3f) * RECORDS_BYTES;
      return [DONE, CHANNEL, ...records.slice(from, from + RECORDS_BYTES)];
    }
    if (command === COMMAND.challenge && dialects !== "2.0") {
      const user = data.subarray(1).toString("utf8").replace(/\0+$/, "");
      if (user !== login.user) return [NO_USER];
      const session = isFull() ? undefined : table.open15(AUTH15.md5);
      return session === undefined ? [BUSY] : [DONE, ...session.id, ...session.challenge];
    }
    return undefined;
  }

  function inside(message: Message, session: Session15 | Session20): readonly number[] {
    const now = fault();
    if (now.type === "busy") {
      if (busy?.fault !== now) busy = { fault: now, times: now.times };
      if (busy.times > 0) {
        busy.times -= 1;
        return [BUSY];
      }
    }
    const { netFn, command, data } = message;
    if (netFn === NETFN.app && command === COMMAND.closeSession) {
      return [
        data.length >= 4 && data.subarray(0, 4).equals(session.id) && table.end(session.id)
          ? DONE
          : BAD_SESSION,
      ];
    }
    return outside(message) ?? commands.answer(netFn, command, data, session.rights);
  }

  function answer15(packet: Packet15): Buffer | undefined {
    const message = decodeMessage(packet.payload);
    if (message === undefined || message.netFn % 2 === 1) return undefined;
    if (packet.id.equals(NO_ID)) {
      const data = outside(message);
      return encode15(reply(message, data ?? [0xd4]), {
        auth: AUTH15.none,
        seq: 0,
        id: NO_ID,
        secret: NO_ID,
      });
    }
    const session = table.find(packet.id);
    const secret = secret15(Buffer.from(password(), "utf8"));
    // As real ones do: to a wrong password it says nothing.
    if (session?.type !== "1.5" || !isGenuine15(packet, secret)) return undefined;
    if (!session.isActive) {
      const data = activate(message, session);
      return encode15(reply(message, data), { auth: session.auth, seq: 0, id: session.id, secret });
    }
    if (!session.isFresh(packet.seq)) return undefined;
    const data = inside(message, session);
    session.seq = (session.seq + 1) >>> 0;
    return encode15(reply(message, data), { auth: session.auth, seq: session.seq, id: session.id, secret });
  }

  function activate(message: Message, session: Session15): readonly number[] {
    const { command, data } = message;
    if (command !== COMMAND.activate || data.length < 22) return [0xd4];
    if (!data.subarray(2, 18).equals(session.challenge)) return [NO_SLOT + 4];
    if (((data[1] ?? 0) & 0x0f) > privilegeMax) {
      table.end(session.id);
      return [PRIVILEGE_TOO_HIGH];
    }
    session.isActive = true;
    session.seq = data.readUInt32LE(18);
    Object.assign(session.rights, { privilegeMax });
    return [DONE, session.auth, ...session.id, 1, 0, 0, 0, privilegeMax];
  }

  function answer20(packet: Packet20): Buffer | undefined {
    if (dialects === "1.5") return undefined;
    if (packet.payloadType !== PAYLOAD.ipmi) {
      const said = shake(packet.payloadType, packet.payload);
      return said === undefined ? undefined : encodePlain20(said.payloadType, said.payload);
    }
    if (packet.id.equals(NO_ID)) {
      const message = decodeMessage(packet.payload);
      const data = message === undefined ? undefined : outside(message);
      return message === undefined || data === undefined
        ? undefined
        : encodePlain20(PAYLOAD.ipmi, reply(message, data));
    }
    const session = table.find(packet.id);
    if (session?.type !== "2.0" || session.keys === undefined || !session.isActive) return undefined;
    const inner = unseal(packet, session.suite, session.keys);
    const message = inner === undefined ? undefined : decodeMessage(inner);
    if (message === undefined || !session.isFresh(packet.seq)) return undefined;
    Object.assign(session.rights, { privilegeMax });
    const data = inside(message, session);
    session.seq += 1;
    const { suite, keys, consoleId, seq } = session;
    return seal(reply(message, data), { suite, keys, id: consoleId, seq });
  }

  return {
    orders: commands.orders,
    close: () => commands.close(),
    restart: () => table.clear(),
    get sessions() {
      return table.count;
    },
    answer(bytes) {
      if (bytes.length >= 10 && bytes[3] === RMCP_CLASS_ASF) return pong(bytes);
      const packet = decodePacket(bytes);
      if (packet === undefined) return undefined;
      return packet.type === "1.5" ? answer15(packet) : answer20(packet);
    },
  };
}

function reply({ netFn, seq, command, to }: Message, data: readonly number[]): Buffer {
  return encodeMessage({
    to: CONSOLE_ADDRESS,
    from: to,
    netFn: netFn + 1,
    seq,
    command,
    data: Buffer.from(data),
  });
}

function recordOf(id: number): number[] {
  const suite = SUITES.find((one) => one.id === id);
  return suite === undefined
    ? []
    : [0xc0, id, suite.auth, 0x40 | suite.integrity, 0x80 | suite.confidentiality];
}

/** "Is anybody there?": the older clients ask it first. Source: ASF 2.0, presence ping. */
function pong(ping: Buffer): Buffer {
  const head = [0x06, 0x00, 0xff, RMCP_CLASS_ASF, 0, 0, 0x11, 0xbe, 0x40, ping[9] ?? 0, 0, 0x10];
  return Buffer.from([...head, 0, 0, 0x11, 0xbe, 0, 0, 0, 0, 0x81, 0, 0, 0, 0, 0, 0, 0]);
}
