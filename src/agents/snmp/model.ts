/** How one generation of power switches arranges its outlets in SNMP. Data: {@link ./pdu.ts} uses it. */

export interface Outlet {
  /** Of a chain of switches; 1 where there is only one. */
  readonly unit: number;
  /** As it is printed on the device, from 1. */
  readonly outlet: number;
}

export interface PduModel {
  /** For people: `APC rPDU`. */
  readonly name: string;
  /** Objects of an outlet. */
  readonly status: (outlet: Outlet) => string;
  readonly control: (outlet: Outlet) => string;
  /** What the status object holds. Every other number is neither. */
  readonly states: { readonly on: number; readonly off: number };
  /** What is written to the control object: at once, without a delay, never a reboot. */
  readonly commands: { readonly on: number; readonly off: number };
  /** Table with one row for each outlet. */
  readonly table: string;
  /** Which outlet a row of the table is, out of what follows the table's OID; undefined: none. */
  readonly outletOf: (index: readonly number[], value: string | number | undefined) => Outlet | undefined;
  /** `text`: the rows are names that may stand for the number. */
  readonly rows: "text" | "number";
  /** Whether `2:5` can name outlet 5 of the second unit. */
  readonly hasUnits: boolean;
}

export interface PduFamily {
  /** Of sysObjectID, the candidates; the first one that has the outlet is it. */
  readonly models: Readonly<Record<string, readonly PduModel[]>>;
  /** For devices that are none of these. Empty: they are not touched. */
  readonly otherwise: readonly PduModel[];
  /** `device`: as printed on it. */
  readonly about: string;
}

/** The row's last number is the outlet, as in most tables. */
export function byLastNumber(index: readonly number[]): Outlet | undefined {
  const outlet = index.at(-1);
  return outlet === undefined ? undefined : { unit: 1, outlet };
}
