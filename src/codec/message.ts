/**
 * Messages ↔ bytes. A fixed head (magic, format, protocol, lengths) is checked before anything is
 * read, so that a message of a future version is told apart from rubbish.
 *
 * Shape: "BNCR" · u8 format · u8 protocol · u16 length of ring · u32 length of body · ring · body,
 * big-endian, text in UTF-8, the body as JSON.
 */
import type { Body, Message } from "../core/messages.ts";
import { BodySchema } from "./schema.ts";
import { decodeText, encodeText } from "./text.ts";

const MAGIC = 0x424e_4352;
/** Layout of the head. */
const FORMAT = 1;
/** Protocol that this daemon writes. Every reader understands the range in core/messages.ts. */
const WIRE_PROTOCOL = 1;
const HEAD_BYTES = 12;
/** Units: bytes. Below the engines' limit. */
export const MESSAGE_BYTES_MAX = 900_000;
const RING_BYTES_MAX = 200;

export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly problem: string };

export function encodeMessage(message: Message): Uint8Array {
  const ring = encodeText(message.ring);
  const body = encodeText(JSON.stringify(message.body));
  const bytes = new Uint8Array(HEAD_BYTES + ring.length + body.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, MAGIC);
  head.setUint8(4, FORMAT);
  head.setUint8(5, WIRE_PROTOCOL);
  head.setUint16(6, ring.length);
  head.setUint32(8, body.length);
  bytes.set(ring, HEAD_BYTES);
  bytes.set(body, HEAD_BYTES + ring.length);
  return bytes;
}

function bad(problem: string): Decoded {
  return { ok: false, problem };
}

/** Never throws: whatever is not a message of ours is a problem in words. */
export function decodeMessage(bytes: Uint8Array): Decoded {
  if (bytes.length < HEAD_BYTES) return bad(`sent ${bytes.length} bytes, fewer than a head`);
  if (bytes.length > MESSAGE_BYTES_MAX) return bad(`sent ${bytes.length} bytes, more than the limit`);
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (head.getUint32(0) !== MAGIC) return bad("sent bytes that are no message of bouncerd");
  const [format, protocol] = [head.getUint8(4), head.getUint8(5)];
  if (format !== FORMAT || protocol !== WIRE_PROTOCOL) {
    return bad(
      `speaks format ${format}, protocol ${protocol}; this daemon format ${FORMAT}, protocol ${WIRE_PROTOCOL}`,
    );
  }
  const [ringBytes, bodyBytes] = [head.getUint16(6), head.getUint32(8)];
  if (ringBytes > RING_BYTES_MAX || HEAD_BYTES + ringBytes + bodyBytes !== bytes.length) {
    return bad("sent a message whose lengths do not fit");
  }
  const ring = decodeText(bytes.subarray(HEAD_BYTES, HEAD_BYTES + ringBytes));
  const text = decodeText(bytes.subarray(HEAD_BYTES + ringBytes));
  if (ring === undefined || text === undefined) return bad("sent a message that is not UTF-8");
  return decodeBody(ring, text);
}

function decodeBody(ring: string, text: string): Decoded {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return bad("sent a message whose body is not JSON");
  }
  const parsed = BodySchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return bad(
      `sent a message that does not fit at ${issue?.path.join(".") ?? "its root"}: ${issue?.message ?? "?"}`,
    );
  }
  return { ok: true, message: { ring, body: parsed.data as Body } };
}
