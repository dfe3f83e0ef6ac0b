/** What sg_persist prints. Source: sg3_utils, sg_persist.c; SPC-3, PERSISTENT RESERVE IN. */

/** Units: keys on one disk. No cluster has as many paths. */
const KEYS_MAX = 1_024;

/** Who may write beside the holder does not matter: whoever is not registered may not, with these. */
const KEEPS_OUT: ReadonlySet<string> = new Set([
  "write exclusive, registrants only",
  "exclusive access, registrants only",
  "write exclusive, all registrants",
  "exclusive access, all registrants",
  "write exclusive",
  "exclusive access",
]);

export interface Reservation {
  readonly type: string;
  /** A node that is not registered cannot write. */
  readonly keepsOut: boolean;
}

/** Undefined: that is not a whole list of keys. Each that it has counts, also one that is there twice. */
export function keysIn(text: string): readonly string[] | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const head = lines.findIndex((line) => /^PR generation=0x[0-9a-f]+, /i.test(line));
  const title = lines[head] ?? "";
  const rest = lines.slice(head + 1).filter((line) => line !== "");
  if (/, there are NO registered reservation keys$/.test(title)) return rest.length === 0 ? [] : undefined;
  const [, count] = /, (\d{1,4}) registered reservation keys? follows?:$/.exec(title) ?? [];
  const keys = rest.map((line) => /^0x([0-9a-f]{1,16})$/i.exec(line)?.[1]?.toLowerCase().replace(/^0+/, ""));
  if (count === undefined || keys.length !== Number(count) || keys.length > KEYS_MAX) return undefined;
  return keys.every((key): key is string => key !== undefined) ? keys : undefined;
}

/** `none`: nobody holds one. Undefined: that is not a whole answer. */
export function reservationIn(text: string): Reservation | "none" | undefined {
  const plain = text.replace(/\s+/g, " ").trim();
  if (/^PR generation=0x[0-9a-f]+, there is NO reservation held$/i.test(plain)) return "none";
  const whole =
    /^PR generation=0x[0-9a-f]+, Reservation follows: Key ?= ?0x[0-9a-f]{1,16} scope: LU_SCOPE, type: (.{1,64})$/i;
  const [, type] = whole.exec(plain) ?? [];
  return type === undefined ? undefined : { type, keepsOut: KEEPS_OUT.has(type.toLowerCase()) };
}
