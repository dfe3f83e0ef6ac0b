/** Certificates signed by themselves: of the console at first start, and of simulated controllers. */
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
  /** Addresses and names in the extension that clients look at; absent: none, as on old cards. */
  readonly addresses?: readonly string[];
  /** Length of the key: RSA, or 256 for the curve P-256. Units: bits. */
  readonly bits: 256 | 1024 | 2048;
  readonly hash: "sha1" | "sha256";
  /** For servers that browsers talk to: absent on old cards. */
  readonly usage?: "server";
  readonly validDays?: number;
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
const ECDSA_SHA256 = "1.2.840.10045.4.3.2";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALT_NAME = "2.5.29.17";

export async function createCertificate(options: CertificateOptions): Promise<Certificate> {
  const { addresses = [], bits, hash, validDays = VALID_DAYS } = options;
  const isCurve = bits === 256;
  const keys = isCurve
    ? await promisify(generateKeyPair)("ec", { namedCurve: "P-256" })
    : await promisify(generateKeyPair)("rsa", { modulusLength: bits });
  const algorithm = isCurve
    ? sequence(objectId(ECDSA_SHA256))
    : sequence(objectId(SIGNATURES[hash]), nothing());
  const name = sequence(set(sequence(objectId(COMMON_NAME), utf8String(options.commonName))));
  const extensions = [
    ...(addresses.length === 0 ? [] : [altNames(addresses)]),
    ...(options.usage === undefined
      ? []
      : [extension(EXTENDED_KEY_USAGE, sequence(objectId(SERVER_AUTHENTICATION)))]),
  ];
  const today = Date.now();
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // X.509 version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(7)])),
    algorithm,
    name,
    sequence(utcTime(new Date(today - DAY_MS)), utcTime(new Date(today + validDays * DAY_MS))),
    name,
    keys.publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length === 0 ? [] : [tagged(0xa3, sequence(...extensions))]),
  );
  const der = sequence(
    toBeSigned,
    algorithm,
    bitString(sign(isCurve ? "sha256" : hash, toBeSigned, keys.privateKey)),
  );
  return {
    cert: pem(der),
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }),
    sha256: createHash("sha256").update(der).digest("hex"),
  };
}

function extension(id: string, content: Buffer): Buffer {
  return sequence(objectId(id), octetString(content));
}

function altNames(addresses: readonly string[]): Buffer {
  return extension(SUBJECT_ALT_NAME, sequence(...addresses.map(altName)));
}

function altName(address: string): Buffer {
  if (isIP(address) === 0) return tagged(0x82, Buffer.from(address, "ascii"));
  return tagged(0x87, isIP(address) === 4 ? Buffer.from(address.split(".").map(Number)) : bytesOf(address));
}

/** An address of version 6, without a zone: the URL parser writes all forms in one. */
function bytesOf(address: string): Buffer {
  const [left = "", right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const missing = right === undefined ? 0 : 8 - groups(left).length - groups(right).length;
  const all = [...groups(left), ...Array<string>(missing).fill("0"), ...groups(right ?? "")];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
