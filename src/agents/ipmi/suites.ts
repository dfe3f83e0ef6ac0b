/** Cipher suites of RMCP+, and the keys of a session. Source: IPMI 2.0, chapter 13.28 to 13.32. */
import { createHmac } from "node:crypto";

export interface Suite {
  readonly id: number;
  readonly hash: "sha1" | "sha256";
  /** Numbers of the algorithms on the wire. */
  readonly auth: number;
  readonly integrity: number;
  readonly confidentiality: number;
  /** Units: bytes, of the code in RAKP 4 and behind each packet. */
  readonly codeBytes: number;
}

const SHA1 = { hash: "sha1", auth: 1, codeBytes: 12 } as const;
const SHA256 = { hash: "sha256", auth: 3, codeBytes: 16 } as const;

/** Suite 0 is left out: it asks for no password at all. */
export const SUITES: readonly Suite[] = [
  { id: 1, ...SHA1, integrity: 0, confidentiality: 0 },
  { id: 2, ...SHA1, integrity: 1, confidentiality: 0 },
  { id: 3, ...SHA1, integrity: 1, confidentiality: 1 },
  { id: 15, ...SHA256, integrity: 0, confidentiality: 0 },
  { id: 16, ...SHA256, integrity: 4, confidentiality: 0 },
  { id: 17, ...SHA256, integrity: 4, confidentiality: 1 },
];

/** Tried in this order when nobody names one. */
export const PREFERRED: readonly number[] = [17, 3];

export function suiteOf(id: number): Suite | undefined {
  return SUITES.find((suite) => suite.id === id);
}

/** Units: bytes. Longer passwords do not exist in IPMI 2.0. */
export const KEY_BYTES = 20;

export function keyOf(text: Uint8Array): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  key.set(text.subarray(0, KEY_BYTES));
  return key;
}

/** What both sides know once RAKP 2 is there. Identifiers as they stand on the wire. */
export interface Handshake {
  readonly suite: Suite;
  readonly consoleId: Buffer;
  readonly bmcId: Buffer;
  readonly consoleRandom: Buffer;
  readonly bmcRandom: Buffer;
  readonly guid: Buffer;
  readonly role: number;
  readonly user: Buffer;
  readonly passwordKey: Buffer;
  /** Kg; the same as the password's when the device has none. */
  readonly bmcKey: Buffer;
}

export interface SessionKeys {
  readonly integrity: Buffer;
  readonly cipher: Buffer;
  /** What RAKP 4 carries. */
  readonly proof: Buffer;
}

export function rakp2Code(shake: Handshake): Buffer {
  const { consoleId, bmcId, consoleRandom, bmcRandom, guid } = shake;
  return mac(shake.suite, shake.passwordKey, [
    consoleId,
    bmcId,
    consoleRandom,
    bmcRandom,
    guid,
    whoOf(shake),
  ]);
}

export function rakp3Code(shake: Handshake): Buffer {
  return mac(shake.suite, shake.passwordKey, [shake.bmcRandom, shake.consoleId, whoOf(shake)]);
}

export function sessionKeys(shake: Handshake): SessionKeys {
  const { suite, bmcKey, consoleRandom, bmcRandom, bmcId, guid } = shake;
  const session = mac(suite, bmcKey, [consoleRandom, bmcRandom, whoOf(shake)]);
  const proof = mac(suite, session, [consoleRandom, bmcId, guid]);
  return {
    integrity: mac(suite, session, [Buffer.alloc(KEY_BYTES, 1)]),
    cipher: mac(suite, session, [Buffer.alloc(KEY_BYTES, 2)]).subarray(0, 16),
    proof: proof.subarray(0, suite.codeBytes),
  };
}

export function mac(suite: Suite, key: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac(suite.hash, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

function whoOf({ role, user }: Handshake): Buffer {
  return Buffer.concat([Buffer.from([role, user.length]), user]);
}
