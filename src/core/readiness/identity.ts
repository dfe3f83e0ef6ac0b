/** Is this the device of that machine? By what it says of itself, and what the machines say of themselves. */
import type { NodeId } from "../ids.ts";
import type { DeviceIdentity, Machine } from "./types.ts";

export type IdentityVerdict =
  /** It names this very machine. */
  | { readonly type: "own" }
  /** It names another node of the cluster: shooting with it would hit that one. */
  | { readonly type: "other"; readonly node: NodeId; readonly by: string }
  /** What it says is not what the machine says, nor any other node. */
  | { readonly type: "stranger"; readonly says: string; readonly wanted: string }
  /** One of them says nothing that could be compared. */
  | { readonly type: "untold" };

/** What firmware has in it when nobody wrote something there. */
const FILLERS =
  /^(to be filled|default string|not (specified|available|applicable)|system serial|none$|n\/a|unknown|oem|serial|chassis|0*1?2?3?4?5?6?7?8?9?0*$)/i;
/** Shorter ones are no serial numbers. */
const SERIAL_CHARS_MIN = 4;
/** The UUID of boards whose maker did not care. */
const CARELESS_UUIDS: ReadonlySet<string> = new Set(["03000200-0400-0500-0006-000700080009"]);

export function verdictOn(
  node: NodeId,
  told: DeviceIdentity | undefined,
  machines: ReadonlyMap<NodeId, Machine>,
): IdentityVerdict {
  const serial = usableSerial(told?.serial);
  const uuids = (told?.uuids ?? []).map(usableUuid).filter((one) => one !== undefined);
  if (serial === undefined && uuids.length === 0) return { type: "untold" };
  const own = machines.get(node);
  if (own !== undefined && nameOf(own, serial, uuids) !== undefined) return { type: "own" };
  const others = [...machines].filter(([id]) => id !== node);
  const hits = others.flatMap(([id, machine]) => {
    const by = nameOf(machine, serial, uuids);
    return by === undefined ? [] : [{ id, by }];
  });
  const [hit] = hits;
  // Machines that say the same of themselves cannot be told apart: copies of one image, for example.
  if (hit !== undefined && hits.length === 1) return { type: "other", node: hit.id, by: hit.by };
  return strange(own, serial, uuids);
}

function strange(
  own: Machine | undefined,
  serial: string | undefined,
  uuids: readonly string[],
): IdentityVerdict {
  const ownSerial = usableSerial(own?.serial);
  const ownUuid = usableUuid(own?.uuid);
  if (serial !== undefined && ownSerial !== undefined) {
    return { type: "stranger", says: `serial ${serial}`, wanted: `serial ${ownSerial}` };
  }
  const [uuid] = uuids;
  if (uuid !== undefined && ownUuid !== undefined) {
    return { type: "stranger", says: `UUID ${uuid}`, wanted: `UUID ${ownUuid}` };
  }
  return { type: "untold" };
}

/** By what the device names the machine; undefined: it does not. */
function nameOf(machine: Machine, serial: string | undefined, uuids: readonly string[]): string | undefined {
  const ownSerial = usableSerial(machine.serial);
  if (serial !== undefined && serial.toLowerCase() === ownSerial?.toLowerCase()) return `serial ${serial}`;
  const ownUuid = usableUuid(machine.uuid);
  const isSame = ownUuid !== undefined && bothOrders(ownUuid).some((one) => uuids.includes(one));
  return isSame ? `UUID ${ownUuid}` : undefined;
}

/** Firmware of different ages disagrees about the order of the bytes of the first three groups. */
function bothOrders(uuid: string): readonly string[] {
  const [a = "", b = "", c = "", ...rest] = uuid.split("-");
  return [uuid, [a, b, c].map(turned).concat(rest).join("-")];
}

function turned(digits: string): string {
  return (digits.match(/../g) ?? []).toReversed().join("");
}

function usableSerial(text: string | undefined): string | undefined {
  const serial = text?.trim() ?? "";
  return serial.length < SERIAL_CHARS_MIN || FILLERS.test(serial) ? undefined : serial;
}

function usableUuid(text: string | undefined): string | undefined {
  const uuid = text?.trim().toLowerCase() ?? "";
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return undefined;
  return CARELESS_UUIDS.has(uuid) || /^(.)\1*$/.test(uuid.replaceAll("-", "")) ? undefined : uuid;
}
