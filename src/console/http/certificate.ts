/** The certificate: the operator's own, followed when it is renewed, or one that we make at first start. */
import { X509Certificate } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { OperationError } from "../../core/errors.ts";
import { createCertificate } from "../../x509/certificate.ts";
import { replaceFile } from "../access/store.ts";
import type { ConsoleOptions } from "../options.ts";

/** Units: days. More than browsers take is useless. */
const VALID_DAYS = 800;
/** Units: ms. One that ends earlier is replaced by a new one. */
const REST_MS_MIN = 30 * 86_400_000;

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Errors: `CFG_UNREADABLE` when the operator's own cannot be read or is none. */
export async function loadCertificate(options: ConsoleOptions, now: () => number): Promise<Pair> {
  return options.tls === undefined ? ownCertificate(options, now) : readPair(options.tls);
}

export async function readPair(files: { readonly cert: string; readonly key: string }): Promise<Pair> {
  try {
    const [cert, key] = await Promise.all([readFile(files.cert, "utf8"), readFile(files.key, "utf8")]);
    new X509Certificate(cert); // Throws when it is none.
    return { cert, key };
  } catch (error) {
    const detail = `the certificate ${files.cert} with the key ${files.key} cannot be used`;
    throw new OperationError("CFG_UNREADABLE", `${detail}: ${(error as Error).message}`, { cause: error });
  }
}

async function ownCertificate({ directory, node, host }: ConsoleOptions, now: () => number): Promise<Pair> {
  const files = { cert: join(directory, "certificate.pem"), key: join(directory, "key.pem") };
  const addresses = namesOf(node, host);
  const old = await readPair(files).catch(() => undefined);
  if (old !== undefined && isGood(old, addresses, now())) return old;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const made = await createCertificate({
    commonName: node,
    addresses,
    bits: 256,
    hash: "sha256",
    usage: "server",
    validDays: VALID_DAYS,
  });
  await replaceFile(files.key, made.key);
  await replaceFile(files.cert, made.cert);
  return made;
}

/** Whatever a person may type to reach this node. Sorted, no doubles. */
function namesOf(node: string, host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ address }) => !address.startsWith("fe80:")).map(({ address }) => address),
  );
  const names = ["localhost", node, hostname(), "127.0.0.1", "::1", host, ...addresses];
  return [...new Set(names)]
    .filter((name) => /^[\w.:-]+$/.test(name) && name !== "0.0.0.0" && name !== "::")
    .sort();
}

function isGood({ cert }: Pair, addresses: readonly string[], now: number): boolean {
  const read = new X509Certificate(cert);
  const covers = addresses.every((name) =>
    /^[\d.]+$|:/.test(name) ? read.checkIP(name) !== undefined : read.checkHost(name) !== undefined,
  );
  return covers && Date.parse(read.validTo) - now > REST_MS_MIN;
}
