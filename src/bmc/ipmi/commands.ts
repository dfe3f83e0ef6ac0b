/** What a controller answers inside a session: completion code and data. */
import { COMMAND, NETFN } from "../../agents/ipmi/session.ts";
import type { Chassis } from "../chassis/chassis.ts";
import { fruOf } from "./fru.ts";
import type { IpmiFault, IpmiSimulatorOptions } from "./options.ts";

export interface Rights {
  privilege: number;
  readonly privilegeMax: number;
}

const CODE = {
  done: 0x00,
  busy: 0xc0,
  unknown: 0xc1,
  length: 0xc7,
  range: 0xc9,
  field: 0xcc,
  privilege: 0xd4,
  state: 0xd5,
  tooMuch: 0x81,
} as const;
const OPERATOR = 3;
const CONTROL = { down: 0, up: 1, cycle: 2, reset: 3, diag: 4, soft: 5 } as const;
const DEVICE_ID = [0x20, 0x01, 0x01, 0x00, 0x02, 0x9f, 0x91, 0x12, 0x00, 0x02, 0x0f, 0, 0, 0, 0];
const GET_DEVICE_ID = 0x01;
const CYCLE_MS = 200;
/** Units: ms between looks at a power supply that takes its time. */
const LOOK_MS = 20;

export interface Commands {
  answer(netFn: number, command: number, data: Buffer, rights: Rights): readonly number[];
  /** Orders to the chassis that were carried out, the oldest first. */
  readonly orders: readonly string[];
  close(): void;
}

const ORDERS_KEPT_MAX = 1_000;

export function createCommands(options: IpmiSimulatorOptions, fault: () => IpmiFault): Commands {
  const { chassis } = options;
  const guid = Buffer.from(options.guidHex ?? "00112233445566778899aabbccddeeff", "hex");
  const fru = fruOf(options.product ?? "Simulated BMC", options.serial ?? "SIM0001");
  const orders: string[] = [];
  let cycling: NodeJS.Timeout | undefined;

  /** On again, once it has been off for a moment. */
  function cycle(): void {
    chassis.turn("off");
    clearInterval(cycling);
    let offMs = 0;
    cycling = setInterval(() => {
      offMs = chassis.power === "off" ? offMs + LOOK_MS : 0;
      if (offMs < (options.cycleMs ?? CYCLE_MS)) return;
      clearInterval(cycling);
      chassis.turn("on");
    }, LOOK_MS);
  }

  function control(order: number | undefined, rights: Rights): number {
    const now = fault();
    if (now.type === "no-privilege" || rights.privilege < OPERATOR) return CODE.privilege;
    const name = Object.entries(CONTROL).find(([, code]) => code === order)?.[0];
    if (name === undefined) return CODE.field;
    if ((order === CONTROL.cycle || order === CONTROL.reset) && isOff(chassis)) return CODE.state;
    orders.push(name);
    if (orders.length > ORDERS_KEPT_MAX) orders.shift();
    if (now.type === "lies") return CODE.done;
    if (order !== CONTROL.diag) clearInterval(cycling);
    if (order === CONTROL.down) chassis.turn("off");
    else if (order === CONTROL.up) chassis.turn("on");
    else if (order === CONTROL.cycle || order === CONTROL.reset) cycle();
    else if (order === CONTROL.soft && !isOff(chassis)) chassis.press();
    return CODE.done;
  }

  return {
    orders,
    close: () => clearInterval(cycling),
    answer(netFn, command, data, rights) {
      if (netFn === NETFN.chassis && command === COMMAND.chassisStatus) {
        return [CODE.done, isOff(chassis) ? 0x20 : 0x21, 0, 0];
      }
      if (netFn === NETFN.chassis && command === COMMAND.chassisControl) {
        return [data.length === 1 ? control(data[0], rights) : CODE.length];
      }
      if (netFn === NETFN.app && command === GET_DEVICE_ID) return [CODE.done, ...DEVICE_ID];
      if (netFn === NETFN.app && command === COMMAND.systemGuid) return [CODE.done, ...guid];
      if (netFn === NETFN.app && command === COMMAND.setPrivilege) {
        const wanted = (data[0] ?? 0) & 0x0f;
        if (wanted > rights.privilegeMax) return [CODE.tooMuch];
        if (wanted !== 0) rights.privilege = wanted;
        return [CODE.done, rights.privilege];
      }
      if (netFn === NETFN.storage && command === COMMAND.fruInfo) {
        return [CODE.done, fru.length & 0xff, fru.length >> 8, 0];
      }
      if (netFn === NETFN.storage && command === COMMAND.readFru) {
        if (data.length !== 4) return [CODE.length];
        const from = data.readUInt16LE(1);
        if (data[0] !== 0 || from >= fru.length) return [CODE.range];
        const part = fru.subarray(from, from + data.readUInt8(3));
        return [CODE.done, part.length, ...part];
      }
      return [CODE.unknown];
    },
  };
}

/** Half on is on: as long as it may still work, it is not off. */
function isOff(chassis: Chassis): boolean {
  return chassis.power === "off";
}
