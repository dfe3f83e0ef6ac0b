/** Whom to believe that it is the device: what the parameters say of certificates. */
import { type Parameter, problem, type Result, success } from "../frame/agent.ts";
import type { Values } from "../frame/values.ts";

export type Trust =
  /** A chain up to an authority, and a certificate for this address. `pem`: only these authorities. */
  | { readonly type: "authority"; readonly pem?: readonly string[] }
  /** Exactly this certificate. Shape: 64 hexadecimal digits in lower case. */
  | { readonly type: "pin"; readonly sha256: string }
  | { readonly type: "anybody" };

/** Units: characters of `ssl_ca`. A few certificates of 8 kB. */
const AUTHORITY_LENGTH_MAX = 64 * 1024;

/** The original agents have no word for these: they know "verify with the system's store" and "do not". */
export const TRUST_PARAMETERS: readonly Parameter[] = [
  {
    name: "ssl_fingerprint",
    type: "string",
    required: false,
    secret: false,
    placeholder: "[sha256]",
    order: 1,
    description: "SHA-256 fingerprint of the device's certificate; no other certificate is accepted then",
  },
  {
    name: "ssl_ca",
    type: "string",
    required: false,
    secret: false,
    placeholder: "[pem]",
    order: 1,
    description: "Certificates of the only authorities to trust, as PEM text; line breaks may be blanks",
  },
];

/** Order: a fingerprint beats `ssl_insecure`, which beats `ssl_ca`, as the stricter or the clearer word. */
export function trustOf(values: Values): Result<Trust> {
  const pin = values.text("ssl_fingerprint")?.trim() ?? "";
  if (pin !== "") {
    const sha256 = pin
      .replace(/^sha-?256[:=]/i, "")
      .replaceAll(/[:\s]/g, "")
      .toLowerCase();
    if (/^[0-9a-f]{64}$/.test(sha256)) return success({ type: "pin", sha256 });
    return problem("usage", "ssl_fingerprint is not a SHA-256 fingerprint: 64 hexadecimal digits");
  }
  if (values.isOn("ssl_insecure")) return success({ type: "anybody" });
  const authority = values.text("ssl_ca")?.trim() ?? "";
  if (authority === "") return success({ type: "authority" });
  const pem = authority.length > AUTHORITY_LENGTH_MAX ? [] : certificatesOf(authority);
  if (pem.length > 0) return success({ type: "authority", pem });
  return problem("usage", "ssl_ca holds no certificate in PEM form");
}

/** XML turns the line breaks of an attribute into blanks; PEM needs them back. */
function certificatesOf(text: string): readonly string[] {
  const found = text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g);
  return [...found].map(([, body = ""]) => {
    const lines = body.replaceAll(/\s/g, "").match(/.{1,64}/g) ?? [];
    return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
  });
}
