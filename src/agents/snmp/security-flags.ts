/** Reads how a message of SNMP version 3 says that it is protected. The library takes any. */

export const AUTHENTICATED = 1;
export const ENCRYPTED = 2;

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTETS = 0x04;
const REPORT = 0xa8;

interface Piece {
  readonly tag: number;
  readonly content: Buffer;
  readonly rest: Buffer;
}

/**
 * May this be the answer to a question that was asked with this protection? Reports may come without:
 * they only say why there is no answer. Everything else without it may be anybody's.
 *
 * Source: RFC 3412, 6 (message format) and 7.2.
 */
export function isProtected(message: Buffer, wanted: number): boolean {
  const version = take(inside(take(message), SEQUENCE), INTEGER);
  const header = take(version?.rest, SEQUENCE);
  const size = take(take(inside(header), INTEGER)?.rest, INTEGER);
  const flags = take(size?.rest, OCTETS)?.content[0];
  if (flags === undefined || header === undefined) return false;
  if ((flags & wanted) === wanted) return true;
  if ((flags & ENCRYPTED) !== 0) return false;
  const scoped = take(take(header.rest, OCTETS)?.rest, SEQUENCE);
  const context = take(take(inside(scoped), OCTETS)?.rest, OCTETS);
  return take(context?.rest)?.tag === REPORT;
}

function inside(piece: Piece | undefined, tag?: number): Buffer | undefined {
  return tag === undefined || piece?.tag === tag ? piece?.content : undefined;
}

/** The first piece of BER. Undefined: cut off, too long, or of another kind. */
function take(bytes: Buffer | undefined, tag?: number): Piece | undefined {
  if (bytes === undefined || bytes.length < 2 || (tag !== undefined && bytes[0] !== tag)) return undefined;
  const first = bytes[1] ?? 0;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 3 || (first >= 0x80 && more === 0) || bytes.length < 2 + more) return undefined;
  const length = more === 0 ? first : bytes.readUIntBE(2, more);
  const start = 2 + more;
  if (bytes.length < start + length) return undefined;
  return {
    tag: bytes[0] ?? 0,
    content: bytes.subarray(start, start + length),
    rest: bytes.subarray(start + length),
  };
}
