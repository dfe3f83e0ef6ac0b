/** What can be read and written on a simulated power switch, in the order of a walk. */
import type { Chassis } from "../chassis/chassis.ts";
import type { OutletObject, PduStyle } from "./style.ts";

export type ObjectValue =
  | { readonly type: "integer"; readonly value: number }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "oid"; readonly value: string };

export interface PduObject {
  readonly oid: string;
  read(): ObjectValue;
  /** Absent: it cannot be written. False: not with this value. */
  readonly write?: (value: number) => boolean;
}

/** Units: ms. How long an outlet that is rebooted stays off; a real one takes 5 s by default. */
const REBOOT_MS = 300;

export function createObjects(style: PduStyle, outlets: readonly Chassis[]): readonly PduObject[] {
  const system: PduObject = {
    oid: "1.3.6.1.2.1.1.2.0",
    read: () => ({ type: "oid", value: style.sysObjectId }),
  };
  const all = outlets.flatMap((chassis, at) => style.objects.map((one) => objectOf(one, at + 1, chassis)));
  return [system, ...all].sort((a, b) => compareOids(a.oid, b.oid));
}

function objectOf(object: OutletObject, n: number, chassis: Chassis): PduObject {
  const { on, off, reboot, role } = object;
  const oid = object.oid(n);
  if (role === "name") return { oid, read: () => ({ type: "text", value: `Outlet ${n}` }) };
  if (role === "number") return { oid, read: () => ({ type: "integer", value: n - 1 }) };
  // A relay that has not moved yet still feeds.
  const isOn = (): boolean => chassis.power === "on" || chassis.power === "powering-off";
  const read = (): ObjectValue => ({ type: "integer", value: isOn() ? on : off });
  if (role === "state") return { oid, read };
  return {
    oid,
    read,
    write(value) {
      if (value === reboot) setTimeout(() => chassis.turn("on"), REBOOT_MS).unref();
      if (value === on) chassis.turn("on");
      else if (value === off || value === reboot) chassis.turn("off");
      else return false;
      return true;
    },
  };
}

export function compareOids(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
