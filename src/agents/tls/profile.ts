import type { SecureContextOptions } from "node:tls";

/**
 * Which TLS is spoken. `modern`: what Node takes by itself. `lenient`: the same, with short keys and
 * old signatures, for who is recognised by a pin or not at all. `legacy`: everything that this OpenSSL
 * still can, down to TLS 1.0, short keys and SHA-1. `tls1.0`: that, and nothing newer: some cards
 * choke on a newer greeting. Always for one connection, never for the process.
 */
export type TlsProfile = "modern" | "lenient" | "legacy" | "tls1.0";

const EVERYTHING = "DEFAULT:@SECLEVEL=0";
const OLD: SecureContextOptions = { minVersion: "TLSv1", ciphers: EVERYTHING };

export function secureOptions(profile: TlsProfile): SecureContextOptions {
  switch (profile) {
    case "modern":
      return { minVersion: "TLSv1.2" };
    case "lenient":
      return { minVersion: "TLSv1.2", ciphers: EVERYTHING };
    case "legacy":
      return OLD;
    case "tls1.0":
      return { ...OLD, maxVersion: "TLSv1" };
    default:
      return profile satisfies never;
  }
}
