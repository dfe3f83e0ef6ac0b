/** Secrets that we make ourselves: long and random, so that a plain hash of them may be kept. */
import { createHash, randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** What is kept of a secret. Finding it by a map needs no constant time: the hash of a guess is chance. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
