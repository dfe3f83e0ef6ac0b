/** Who a machine of the lab is: what its firmware says, and its controller as well. */
import type { NodeName } from "../../core/ids.ts";

const GUID_BYTES = 16;

/** Shape: 32 hexadecimal digits, as a controller sends them. */
export function guidOf(name: NodeName): string {
  return Buffer.from(name.padEnd(GUID_BYTES, "-")).subarray(0, GUID_BYTES).toString("hex");
}

export function machineOf(name: NodeName): { readonly serial: string; readonly uuid: string } {
  const uuid = guidOf(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { serial: `LAB${name.toUpperCase()}`, uuid };
}
