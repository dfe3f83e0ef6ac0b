/**
 * What LVM commands and their lock daemon say: text in the syntax of lvm.conf, one `key = value` per
 * line, closed by a line `##`. Source: lvmlockd-client.h and daemon-io.c of LVM2, and real traffic.
 */

/** Units: bytes of one request. Longer ones are no requests of LVM. */
export const REQUEST_BYTES_MAX = 64 * 1024;
/** Units: characters of the name of one field, and how many fields a request may have. */
const FIELDS_MAX = 64;
const END = "\n##\n";

export type Fields = Readonly<Record<string, string | number>>;

/** Takes whole requests from the front of what has arrived. */
export function splitRequests(text: string): { readonly requests: readonly string[]; readonly rest: string } {
  const parts = text.split(END);
  const rest = parts.pop() ?? "";
  return { requests: parts, rest };
}

/** Lines that are no field are passed over; of a field that comes twice the last counts. */
export function parseRequest(text: string): Fields {
  const fields: Record<string, string | number> = {};
  let count = 0;
  for (const line of text.split("\n")) {
    const match = /^\s*(\w{1,64})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d{1,15}))\s*$/.exec(line);
    if (match === null || ++count > FIELDS_MAX) continue;
    const [, key = "", text, number] = match;
    fields[key] = number === undefined ? (text ?? "").replace(/\\(.)/g, "$1") : Number(number);
  }
  return fields;
}

export function formatReply(fields: Fields): string {
  const lines = Object.entries(fields).map(([key, value]) =>
    typeof value === "number" ? `${key} = ${value}` : `${key} = "${value.replace(/["\\]/g, "\\$&")}"`,
  );
  return `${lines.join("\n")}${END}`;
}

/** Results that the commands understand, negative. Source: errno.h, lvmlockd-client.h. */
export const RESULT = {
  ok: 0,
  notThere: -2,
  failed: -5,
  again: -11,
  busy: -16,
  exists: -17,
  invalid: -22,
  tooLong: -90,
  notSupported: -95,
  already: -114,
  notStarted: -210,
  badArgs: -212,
  killed: -217,
} as const;
