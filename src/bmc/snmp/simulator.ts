/** A simulated power switch: SNMP 1, 2c and 3, as snmpget and Debian's agents want it. */
import { AccessControlModelType, createAgent, ErrorStatus, ObjectType, type User } from "net-snmp";
import type { Chassis } from "../chassis/chassis.ts";
import type { SnmpFault } from "./faults.ts";
import { createFaultySocket } from "./faulty-socket.ts";
import { compareOids, createObjects, type ObjectValue, type PduObject } from "./objects.ts";
import type { PduStyle } from "./style.ts";

export interface SnmpSimulatorOptions {
  readonly style: PduStyle;
  /** What hangs on outlet 1, 2, …: one each. */
  readonly outlets: readonly Chassis[];
  /** Who may write, in versions 1 and 2c. */
  readonly community: string;
  /** Who may write, in version 3. */
  readonly users?: readonly User[];
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
}

export interface SnmpSimulator {
  readonly host: string;
  readonly port: number;
  /** Objects that were written, `oid=value`, the oldest first; at most {@link ORDERS_KEPT_MAX}. */
  readonly orders: readonly string[];
  /** Datagrams that were heard. */
  readonly heard: number;
  misbehave(fault: SnmpFault): void;
  close(): Promise<void>;
}

export const ORDERS_KEPT_MAX = 1_000;
/** Objects in one question, and repetitions of a bulk: more than any client asks for. */
const VARBINDS_MAX = 64;

interface Varbind {
  oid: string;
  type?: number;
  value?: unknown;
}

/** Of the library, as far as it is used here. */
interface Message {
  readonly version: number;
  readonly pdu: {
    readonly varbinds: readonly Varbind[];
    readonly maxRepetitions?: number;
    getResponsePduForRequest(): ResponsePdu;
  };
}

interface ResponsePdu {
  varbinds: Varbind[];
  errorStatus: number;
  errorIndex: number;
}

type Handler = (socket: unknown, message: Message, from: unknown) => void;

export async function openSnmpSimulator(options: SnmpSimulatorOptions): Promise<SnmpSimulator> {
  const { style, outlets, community, users = [], host = "127.0.0.1" } = options;
  const objects = createObjects(style, outlets);
  const orders: string[] = [];
  const socket = createFaultySocket(host, options.port ?? 0);
  let fault: SnmpFault = { type: "none" };
  const agent = createAgent(
    { dgramModule: socket.module, accessControlModelType: AccessControlModelType.None },
    () => {}, // Questions that nobody may ask, and nonsense: no answer.
  );
  const authorizer = agent.getAuthorizer();
  authorizer.addCommunity(community);
  for (const user of users) authorizer.addUser(user);

  function read(object: PduObject): ObjectValue {
    const value = object.read();
    return fault.type === "odd-state" && value.type === "integer"
      ? { type: "integer", value: fault.value }
      : value;
  }

  function answer(socketOf: unknown, message: Message, from: unknown, fill: (to: ResponsePdu) => void): void {
    const response = message.pdu.getResponsePduForRequest();
    response.errorStatus = ErrorStatus.NoError;
    response.errorIndex = 0;
    if (message.pdu.varbinds.length > VARBINDS_MAX) response.errorStatus = ErrorStatus.TooBig;
    else fill(response);
    agent.sendResponse(socketOf, from, message, response);
  }

  /** Version 1 has an error for the whole answer where the others have a word for each object. */
  function put(to: ResponsePdu, message: Message, asked: Varbind, at: number, found?: PduObject): void {
    if (found !== undefined) to.varbinds.push({ oid: found.oid, ...encoded(read(found)) });
    else if (message.version !== 0) {
      to.varbinds.push({ oid: asked.oid, type: ObjectType.NoSuchInstance, value: null });
    } else fail(to, message, ErrorStatus.NoSuchName, at);
  }

  function fail(to: ResponsePdu, message: Message, status: number, at: number): void {
    to.errorStatus = status;
    to.errorIndex = at + 1;
    to.varbinds = message.pdu.varbinds.map(({ oid }) => ({ oid, type: ObjectType.Null, value: null }));
  }

  const onGet: Handler = (socketOf, message, from) =>
    answer(socketOf, message, from, (to) => {
      message.pdu.varbinds.forEach((asked, at) => {
        if (to.errorStatus === ErrorStatus.NoError) put(to, message, asked, at, exactly(asked.oid));
      });
    });

  const onNext: Handler = (socketOf, message, from) =>
    answer(socketOf, message, from, (to) => {
      const rounds = Math.min(Math.max(1, message.pdu.maxRepetitions ?? 1), VARBINDS_MAX);
      message.pdu.varbinds.forEach((asked, at) => {
        let oid = asked.oid;
        for (let round = 0; round < rounds && to.errorStatus === ErrorStatus.NoError; round++) {
          const next = objects.find((one) => compareOids(one.oid, oid) > 0);
          if (next === undefined && message.version !== 0) {
            to.varbinds.push({ oid, type: ObjectType.EndOfMibView, value: null });
            break;
          }
          put(to, message, { oid }, at, next);
          oid = next?.oid ?? oid;
        }
      });
    });

  const onSet: Handler = (socketOf, message, from) =>
    answer(socketOf, message, from, (to) => {
      for (const [at, asked] of message.pdu.varbinds.entries()) {
        const object = exactly(asked.oid);
        if (object?.write === undefined || fault.type === "read-only") {
          const status = object === undefined ? ErrorStatus.NoCreation : ErrorStatus.NotWritable;
          return fail(to, message, message.version === 0 ? ErrorStatus.NoSuchName : status, at);
        }
        const isWritten = asked.type === ObjectType.Integer && typeof asked.value === "number";
        if (isWritten) keep(`${asked.oid}=${String(asked.value)}`);
        if (!isWritten || (fault.type !== "lies" && !object.write(Number(asked.value)))) {
          return fail(to, message, ErrorStatus.BadValue, at);
        }
        to.varbinds.push({ oid: asked.oid, type: asked.type ?? ObjectType.Integer, value: asked.value });
      }
    });

  function exactly(oid: string): PduObject | undefined {
    return objects.find((one) => one.oid === oid);
  }

  function keep(order: string): void {
    orders.push(order);
    if (orders.length > ORDERS_KEPT_MAX) orders.shift();
  }

  // The library's tables can be indexed in fewer ways than real switches do it.
  Object.assign(agent, {
    getRequest: onGet,
    getNextRequest: onNext,
    getBulkRequest: onNext,
    setRequest: onSet,
  });

  const port = await socket.ready;
  return {
    host,
    port,
    orders,
    get heard() {
      return socket.heard;
    },
    misbehave(next) {
      fault = next;
      socket.misbehave(next);
    },
    close: () => new Promise((resolve) => agent.close(() => resolve())),
  };
}

function encoded(value: ObjectValue): { type: number; value: unknown } {
  switch (value.type) {
    case "integer":
      return { type: ObjectType.Integer, value: value.value };
    case "text":
      return { type: ObjectType.OctetString, value: value.value };
    case "oid":
      return { type: ObjectType.OID, value: value.value };
    default:
      return value satisfies never;
  }
}
