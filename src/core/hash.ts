/** SHA-256 for certificates and ledger digests: the core imports nothing. Source: FIPS 180-4. */

const K = new Uint32Array(64);
const INITIAL = new Uint32Array(8);

/** The constants are the fractional parts of the roots of the first primes: computed, not copied. */
function fillConstants(): void {
  const fraction = (value: number): number => Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    let prime = true;
    for (let d = 2; d * d <= candidate; d++) if (candidate % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) INITIAL[found] = fraction(Math.sqrt(candidate));
    K[found] = fraction(Math.cbrt(candidate));
    found++;
  }
}
fillConstants();

/** Room for what is hashed: at most three bytes per unit of a text, and the padding. */
let bytes = new Uint8Array(4_096);
const words = new Uint32Array(64);

function room(length: number): void {
  if (bytes.length < length) bytes = new Uint8Array(2 * length);
}

/** Writes the text as UTF-8 into `bytes`. Answers its length. */
function encode(text: string): number {
  room(3 * text.length + 72);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes[length++] = unit;
    else if (unit < 0x800) {
      bytes[length++] = 0xc0 | (unit >> 6);
      bytes[length++] = 0x80 | (unit & 63);
    } else {
      const code = text.codePointAt(i) as number;
      if (code < 0x10000) bytes[length++] = 0xe0 | (code >> 12);
      else {
        i++; // The other half of the pair.
        bytes[length++] = 0xf0 | (code >> 18);
        bytes[length++] = 0x80 | ((code >> 12) & 63);
      }
      bytes[length++] = 0x80 | ((code >> 6) & 63);
      bytes[length++] = 0x80 | (code & 63);
    }
  }
  return length;
}

function compress(hash: Uint32Array, offset: number): void {
  const w = words;
  for (let i = 0, p = offset; i < 16; i++, p += 4) {
    w[i] =
      ((bytes[p] as number) << 24) |
      ((bytes[p + 1] as number) << 16) |
      ((bytes[p + 2] as number) << 8) |
      (bytes[p + 3] as number);
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number;
    const y = w[i - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
  }
  let a = hash[0] as number;
  let b = hash[1] as number;
  let c = hash[2] as number;
  let d = hash[3] as number;
  let e = hash[4] as number;
  let f = hash[5] as number;
  let g = hash[6] as number;
  let h = hash[7] as number;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] = ((hash[0] as number) + a) | 0;
  hash[1] = ((hash[1] as number) + b) | 0;
  hash[2] = ((hash[2] as number) + c) | 0;
  hash[3] = ((hash[3] as number) + d) | 0;
  hash[4] = ((hash[4] as number) + e) | 0;
  hash[5] = ((hash[5] as number) + f) | 0;
  hash[6] = ((hash[6] as number) + g) | 0;
  hash[7] = ((hash[7] as number) + h) | 0;
}

function take(source: Uint8Array): number {
  room(source.length + 72);
  bytes.set(source);
  return source.length;
}

/** Shape: 64 lower-case hexadecimal digits; of a text, over its UTF-8 bytes. */
export function sha256(source: string | Uint8Array): string {
  const length = typeof source === "string" ? encode(source) : take(source);
  const end = ((length + 8) >> 6) * 64 + 64;
  bytes.fill(0, length, end);
  bytes[length] = 0x80;
  const bits = length * 8;
  for (let i = 1; i <= 8; i++) bytes[end - i] = Math.floor(bits / 256 ** (i - 1)) & 255;
  const hash = INITIAL.slice();
  for (let offset = 0; offset < end; offset += 64) compress(hash, offset);
  let hex = "";
  for (let i = 0; i < 8; i++) hex += (hash[i] as number).toString(16).padStart(8, "0");
  return hex;
}

/** JSON with sorted keys and without absent values: equal values give equal text on every node. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  let text = "";
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) text += (i === 0 ? "" : ",") + canonicalJson(value[i]);
    return `[${text}]`;
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(record).sort()) {
    const item = record[key];
    if (item !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}
