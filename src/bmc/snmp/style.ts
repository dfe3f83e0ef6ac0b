/** Generations of power switches, as their manuals print their objects. Written apart from the agents' own. */

export interface OutletObject {
  /** Of outlet `n`, counted from 1. */
  readonly oid: (n: number) => string;
  readonly role: "name" | "number" | "state" | "command";
  /** Numbers on the wire. */
  readonly on: number;
  readonly off: number;
  /** A command that switches off and on again; real clients that fence must not send it. */
  readonly reboot?: number;
}

export interface PduStyle {
  readonly sysObjectId: string;
  readonly objects: readonly OutletObject[];
}

const APC = "1.3.6.1.4.1.318.1.1";

function column(
  prefix: string,
  role: OutletObject["role"],
  numbers: { on: number; off: number; reboot?: number } = { on: 0, off: 0 },
): OutletObject {
  return { oid: (n) => `${prefix}.${n}`, role, ...numbers };
}

const RPDU: readonly OutletObject[] = [
  column(`${APC}.12.3.5.1.1.2`, "name"),
  column(`${APC}.12.3.5.1.1.4`, "state", { on: 1, off: 2 }),
  column(`${APC}.12.3.3.1.1.4`, "command", { on: 1, off: 2, reboot: 3 }),
];

const MASTER_SWITCH: readonly OutletObject[] = [
  column(`${APC}.4.4.2.1.4`, "name"),
  column(`${APC}.4.4.2.1.3`, "command", { on: 1, off: 2, reboot: 3 }),
];

export const PDU_STYLES = {
  /** AP7920 and its like. */
  "apc-rpdu": { sysObjectId: "1.3.6.1.4.1.318.1.3.4.5", objects: [...RPDU, ...MASTER_SWITCH] },
  /** AP8941: the new tree, the old one, and the oldest. */
  "apc-rpdu2": {
    sysObjectId: "1.3.6.1.4.1.318.1.3.4.6",
    objects: [
      ...RPDU,
      ...MASTER_SWITCH,
      column(`${APC}.26.9.2.3.1.3`, "name"),
      column(`${APC}.26.9.2.3.1.5`, "state", { on: 2, off: 1 }),
      column(`${APC}.26.9.2.4.1.5`, "command", { on: 1, off: 2, reboot: 3 }),
    ],
  },
  /** AP9225: a chain, of which this is the first. Off is 3, and 2 is a reboot. */
  "apc-msp": {
    sysObjectId: "1.3.6.1.4.1.318.1.3.4.4",
    objects: [
      column(`${APC}.6.7.1.1.4.1.1`, "name"),
      column(`${APC}.6.7.1.1.5.1.1`, "state", { on: 1, off: 2 }),
      column(`${APC}.6.5.1.1.5.1.1`, "command", { on: 1, off: 3, reboot: 2 }),
    ],
  },
  /** AP9210. */
  "apc-ms": { sysObjectId: "1.3.6.1.4.1.318.1.3.4.1", objects: MASTER_SWITCH },
  tripplite: {
    sysObjectId: "1.3.6.1.4.1.850.1",
    objects: [
      column("1.3.6.1.4.1.850.10.2.3.5.1.5.1", "name"),
      column("1.3.6.1.4.1.850.10.2.3.5.1.2.1", "state", { on: 2, off: 1 }),
      column("1.3.6.1.4.1.850.10.2.3.5.1.4.1", "command", { on: 2, off: 1, reboot: 3 }),
    ],
  },
  /** Counts from 0 on the wire. */
  "eaton-managed": {
    sysObjectId: "1.3.6.1.4.1.534.6.6.6",
    objects: [
      { oid: (n) => `1.3.6.1.4.1.534.6.6.6.1.2.2.1.1.${n - 1}`, role: "number", on: 0, off: 0 },
      {
        oid: (n) => `1.3.6.1.4.1.534.6.6.6.1.2.2.1.3.${n - 1}`,
        role: "command",
        on: 1,
        off: 0,
        reboot: 2,
      },
    ],
  },
  "eaton-switched": {
    sysObjectId: "1.3.6.1.4.1.20677.1",
    objects: [
      { oid: (n) => `1.3.6.1.4.1.20677.2.6.3.${n}.0`, role: "state", on: 1, off: 2 },
      { oid: (n) => `1.3.6.1.4.1.20677.2.6.2.${n + 1}.0`, role: "command", on: 1, off: 2, reboot: 3 },
    ],
  },
} as const satisfies Readonly<Record<string, PduStyle>>;

export type PduStyleName = keyof typeof PDU_STYLES;
