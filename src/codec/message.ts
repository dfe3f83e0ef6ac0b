/**
 * Messages ↔ bytes. A fixed head (magic, format, protocol, lengths) is checked before anything is
 * read, so that a message of a future version is told apart from rubbish.
 *
 * Shape: "BNCR" · u8 format · u8 protocol · u16 length of ring · u32 length of body · u32 length of
 * attachment · ring · body · attachment, big-endian, text in UTF-8, the body as JSON. The attachment is
 * the text of a configuration as it is: only a `document` has one, and it never becomes part of a
 * {@link Message}, so that no secret in it reaches the core, a log or a flight record.
 */
import { type Body, type Message, PROTOCOL } from "../core/messages.ts";
import { BodySchema } from "./schema.ts";
import { decodeText, encodeText } from "./text.ts";

const MAGIC = 0x424e_4352;
/** Layout of the head. */
const FORMAT = 1;
const HEAD_BYTES = 16;
/** Units: bytes. Below the engines' limit. */
export const MESSAGE_BYTES_MAX = 900_000;
const RING_BYTES_MAX = 200;
/** Largest text of a configuration that fits into a message beside everything else. Units: bytes. */
export const ATTACHMENT_BYTES_MAX = 768 * 1024;
const NO_BYTES = new Uint8Array(0);

export type Decoded =
  | { readonly ok: true; readonly message: Message; readonly attachment?: Uint8Array }
  | { readonly ok: false; readonly problem: string };

export function encodeMessage(message: Message, attachment: Uint8Array = NO_BYTES): Uint8Array {
  const ring = encodeText(message.ring);
  const body = encodeText(JSON.stringify(message.body));
  const bytes = new Uint8Array(HEAD_BYTES + ring.length + body.length + attachment.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, MAGIC);
  head.setUint8(4, FORMAT);
  head.setUint8(5, message.protocol ?? PROTOCOL.min);
  head.setUint16(6, ring.length);
  head.setUint32(8, body.length);
  head.setUint32(12, attachment.length);
  bytes.set(ring, HEAD_BYTES);
  bytes.set(body, HEAD_BYTES + ring.length);
  bytes.set(attachment, HEAD_BYTES + ring.length + body.length);
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
  const { min, max } = PROTOCOL;
  if (format !== FORMAT || protocol < min || protocol > max) {
    return bad(
      `speaks format ${format}, protocol ${protocol}; this daemon format ${FORMAT}, protocol ${min === max ? min : `${min} to ${max}`}`,
    );
  }
  const [ringBytes, bodyBytes, attachedBytes] = [head.getUint16(6), head.getUint32(8), head.getUint32(12)];
  const fits = HEAD_BYTES + ringBytes + bodyBytes + attachedBytes === bytes.length;
  if (!fits || ringBytes > RING_BYTES_MAX || attachedBytes > ATTACHMENT_BYTES_MAX) {
    return bad("sent a message whose lengths do not fit");
  }
  const bodyAt = HEAD_BYTES + ringBytes;
  const ring = decodeText(bytes.subarray(HEAD_BYTES, bodyAt));
  const text = decodeText(bytes.subarray(bodyAt, bodyAt + bodyBytes));
  if (ring === undefined || text === undefined) return bad("sent a message that is not UTF-8");
  const decoded = decodeBody(ring, text);
  if (!decoded.ok || (decoded.message.body.type === "document") === attachedBytes > 0) {
    return decoded.ok && attachedBytes > 0
      ? { ...decoded, attachment: bytes.slice(bodyAt + bodyBytes) }
      : decoded;
  }
  return bad("sent the text of a configuration with the wrong message, or none with the right one");
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
