/**
 * A password sealed to the cluster's key file: only who can read that key can read the password. The key
 * is Corosync's, or any file of random bytes that is equal on all nodes.
 *
 * Shape: `b1:` and, in base64url, 16 bytes of salt, 12 of nonce, the text encrypted, 16 of tag.
 * Source: HKDF (RFC 5869) with SHA-256, AES-256-GCM (NIST SP 800-38D).
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const VERSION = "b1";
const CIPHER = "aes-256-gcm";
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES, KEY_BYTES] = [16, 12, 16, 32];

/** What the derived key is for: the same file protects Corosync's messages. */
const PURPOSE = "bouncer sealed password, version 1";

/** Shorter files are no keys. Corosync's have 256 bytes, those of Proxmox VE 128. Units: bytes. */
export const KEY_BYTES_MIN = 32;
export const KEY_BYTES_MAX = 64 * 1024;

export type Opened =
  | { readonly ok: true; readonly text: string }
  /** Nothing of the value or the key is in it. */
  | { readonly ok: false; readonly problem: string };

/** Errors: throws when the key is too short or too long to be one. */
export function seal(text: string, key: Uint8Array): string {
  const problem = keyProblem(key);
  if (problem !== undefined) throw new Error(problem);
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)];
  const cipher = createCipheriv(CIPHER, derive(key, salt), nonce);
  cipher.setAAD(Buffer.from(VERSION));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return `${VERSION}:${Buffer.concat([salt, nonce, sealed, cipher.getAuthTag()]).toString("base64url")}`;
}

/** Never throws. */
export function unseal(value: string, key: Uint8Array): Opened {
  const problem = keyProblem(key);
  if (problem !== undefined) return { ok: false, problem };
  const bytes = Buffer.from(value.slice(VERSION.length + 1), "base64url");
  if (!value.startsWith(`${VERSION}:`) || bytes.length < SALT_BYTES + NONCE_BYTES + TAG_BYTES) {
    return { ok: false, problem: "it is not what bouncer secret seal prints" };
  }
  const salt = bytes.subarray(0, SALT_BYTES);
  const nonce = bytes.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const sealed = bytes.subarray(SALT_BYTES + NONCE_BYTES, -TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, derive(key, salt), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(VERSION));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return { ok: true, text: Buffer.concat([decipher.update(sealed), decipher.final()]).toString("utf8") };
  } catch {
    return {
      ok: false,
      problem: "the key file does not open it: it was sealed with another key, or changed",
    };
  }
}

export function keyProblem(key: Uint8Array): string | undefined {
  if (key.length < KEY_BYTES_MIN) return `the key file has less than ${KEY_BYTES_MIN} bytes`;
  return key.length > KEY_BYTES_MAX ? `the key file has more than ${KEY_BYTES_MAX} bytes` : undefined;
}

function derive(key: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, salt, PURPOSE, KEY_BYTES));
}
