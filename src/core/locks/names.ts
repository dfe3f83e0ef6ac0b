/** What a lockspace and a resource may be called. */
import { NAME_BYTES_MAX } from "./limits.ts";

/** Letters, digits and `._+-` after the first character, which is a letter, digit or underscore. */
export function isLockspace(text: string): boolean {
  return text.length <= NAME_BYTES_MAX && /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(text);
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Any text of 1 to 64 bytes without control characters and without halves of characters. */
export function isLockName(text: string): boolean {
  if (text.length === 0 || utf8Bytes(text) > NAME_BYTES_MAX) return false;
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}
