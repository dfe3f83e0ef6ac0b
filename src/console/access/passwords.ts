/** Passwords: kept as scrypt, compared in constant time, a few at a time. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { OperationError } from "../../core/errors.ts";

/** What one guess costs. Source: RFC 7914. */
export interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB and about 0.1 s each. Source: OWASP, Password Storage. */
export const COST: Cost = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const MEMORY_MAX = 256 * 1024 * 1024;
/** Computed at once, and those that may wait: the rest is refused. */
const AT_ONCE = 1;
const WAITING_MAX = 16;

const hashOf = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

export const StoredPassword = z.strictObject({
  N: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  r: z.int().min(1).max(32),
  p: z.int().min(1).max(16),
  salt: z.string(),
  hash: z.string(),
});
export type StoredPassword = z.infer<typeof StoredPassword>;

export interface Passwords {
  /** Errors: `API_TOO_MANY`. */
  store(password: string): Promise<StoredPassword>;
  /** Takes as long for a name that nobody has (`stored` absent). Errors: `API_TOO_MANY`. */
  matches(password: string, stored: StoredPassword | undefined): Promise<boolean>;
}

export function createPasswords(cost: Cost): Passwords {
  const nobody: StoredPassword = {
    ...cost,
    salt: randomBytes(16).toString("hex"),
    hash: "00".repeat(KEY_BYTES),
  };
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE) {
      if (waiting.length >= WAITING_MAX)
        throw new OperationError("API_TOO_MANY", "too many people sign in at once");
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  return {
    store: (password) =>
      inTurn(async () => {
        const salt = randomBytes(16);
        const hash = await hashOf(password.normalize("NFKC"), salt, KEY_BYTES, {
          ...cost,
          maxmem: MEMORY_MAX,
        });
        return { ...cost, salt: salt.toString("hex"), hash: hash.toString("hex") };
      }),
    matches: (password, stored) =>
      inTurn(async () => {
        const { salt, hash, ...own } = stored ?? nobody;
        const given = await hashOf(password.normalize("NFKC"), Buffer.from(salt, "hex"), KEY_BYTES, {
          ...own,
          maxmem: MEMORY_MAX,
        });
        const wanted = Buffer.from(hash, "hex");
        return wanted.length === given.length && timingSafeEqual(wanted, given) && stored !== undefined;
      }),
  };
}
