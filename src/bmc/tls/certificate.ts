/** Certificates as management controllers have them: signed by themselves, short, with little in them. */
import { createHash, generateKeyPair, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { promisify } from "node:util";
import {
  bitString,
  integer,
  nothing,
  objectId,
  octetString,
  sequence,
  set,
  tagged,
  utcTime,
  utf8String,
} from "./der.ts";

export interface CertificateOptions {
  readonly commonName: string;
  /** Address or name in the extension that clients look at; absent: none, as on old cards. */
  readonly subjectAddress?: string;
  /** Length of the key. Units: bits. */
  readonly bits: 1024 | 2048;
  readonly hash: "sha1" | "sha256";
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** As an operator pins it: 64 hexadecimal digits. */
  readonly sha256: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 3_650;
const SIGNATURES = { sha1: "1.2.840.113549.1.1.5", sha256: "1.2.840.113549.1.1.11" } as const;
const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALT_NAME = "2.5.29.17";

export async function createCertificate(options: CertificateOptions): Promise<Certificate> {
  const keys = await promisify(generateKeyPair)("rsa", { modulusLength: options.bits });
  const algorithm = sequence(objectId(SIGNATURES[options.hash]), nothing());
  const name = sequence(set(sequence(objectId(COMMON_NAME), utf8String(options.commonName))));
  const today = Date.now();
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // X.509 version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(7)])),
    algorithm,
    name,
    sequence(utcTime(new Date(today - DAY_MS)), utcTime(new Date(today + VALID_DAYS * DAY_MS))),
    name,
    keys.publicKey.export({ type: "spki", format: "der" }),
    ...(options.subjectAddress === undefined
      ? []
      : [tagged(0xa3, sequence(altName(options.subjectAddress)))]),
  );
  const der = sequence(toBeSigned, algorithm, bitString(sign(options.hash, toBeSigned, keys.privateKey)));
  return {
    cert: pem(der),
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }),
    sha256: createHash("sha256").update(der).digest("hex"),
  };
}

/** Shape: a name, or an address of version 4. */
function altName(address: string): Buffer {
  const isAddress = isIP(address) === 4;
  const bytes = isAddress ? Buffer.from(address.split(".").map(Number)) : Buffer.from(address, "ascii");
  return sequence(objectId(SUBJECT_ALT_NAME), octetString(sequence(tagged(isAddress ? 0x87 : 0x82, bytes))));
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
