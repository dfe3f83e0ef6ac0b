/** Who the machine behind a controller is: its GUID, and what its FRU inventory says. */
import { type Identity, type Result, success } from "../frame/agent.ts";
import { COMMAND, NETFN, type Session } from "./session.ts";

const GUID_BYTES = 16;
const FRU_DEVICE = 0;
/** Units: bytes of one read; larger ones do not fit everywhere. */
const FRU_READ_BYTES = 16;
/** Units: bytes. The fields that we look for stand at the front. */
const FRU_BYTES_MAX = 512;
const FRU_HEAD_BYTES = 8;
const END_OF_FIELDS = 0xc1;
/** Manufacturer, product, part, version, serial. */
const SERIAL_FIELD = 4;
const PRODUCT_FIELD = 1;

/**
 * Devices without one or the other leave it out; that is no failure. The inventory takes a round trip
 * for every 16 bytes: only the whole answer has it.
 */
export async function readIdentity(session: Session, depth: "ask" | "brief"): Promise<Result<Identity>> {
  const guid = await session.request({
    netFn: NETFN.app,
    command: COMMAND.systemGuid,
    data: [],
    resend: "safe",
  });
  const inventory = depth === "ask" ? await readFru(session) : undefined;
  const fields = inventory === undefined ? [] : productFields(inventory);
  const serial = fields[SERIAL_FIELD]?.trim() ?? "";
  const product = fields[PRODUCT_FIELD]?.trim() ?? "";
  return success({
    uuids: guid.ok && guid.value.length >= GUID_BYTES ? uuidsOf(guid.value.subarray(0, GUID_BYTES)) : [],
    ...(serial === "" ? {} : { serial }),
    ...(product === "" ? {} : { product }),
  });
}

/** The specification, SMBIOS and common practice disagree about the order of the bytes. */
export function uuidsOf(guid: Buffer): readonly string[] {
  const asIs = Buffer.from(guid);
  const reversed = Buffer.from(guid).reverse();
  const mixed = Buffer.concat([
    Buffer.from(guid.subarray(0, 4)).reverse(),
    Buffer.from(guid.subarray(4, 6)).reverse(),
    Buffer.from(guid.subarray(6, 8)).reverse(),
    guid.subarray(8),
  ]);
  return [...new Set([asIs, mixed, reversed].map(hyphened))];
}

function hyphened(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function readFru(session: Session): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  while (bytes < FRU_BYTES_MAX) {
    const answer = await session.request({
      netFn: NETFN.storage,
      command: COMMAND.readFru,
      data: [FRU_DEVICE, bytes & 0xff, bytes >> 8, FRU_READ_BYTES],
      resend: "safe",
    });
    if (!answer.ok || answer.value.length < 2) break;
    const read = answer.value.subarray(1, 1 + answer.value.readUInt8(0));
    parts.push(read);
    bytes += read.length;
    if (read.length < FRU_READ_BYTES) break;
  }
  return bytes >= FRU_HEAD_BYTES ? Buffer.concat(parts) : undefined;
}

/** Fields of the product area in order; empty when there is none. Never throws on nonsense. */
export function productFields(fru: Buffer): readonly string[] {
  const offset = fru.length >= FRU_HEAD_BYTES ? fru.readUInt8(4) * 8 : 0;
  if (offset === 0 || offset + 4 > fru.length) return [];
  const fields: string[] = [];
  let at = offset + 3;
  while (at < fru.length) {
    const kind = fru.readUInt8(at);
    if (kind === END_OF_FIELDS) break;
    const text = fru.subarray(at + 1, at + 1 + (kind & 0x3f));
    // Only plain text: packed forms are rare, and half-understood serials are worse than none.
    fields.push(kind >> 6 === 3 ? text.toString("latin1").replace(/[^\x20-\x7e]/g, "") : "");
    at += 1 + (kind & 0x3f);
  }
  return fields;
}
