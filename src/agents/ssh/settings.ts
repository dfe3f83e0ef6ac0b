/** How a device is logged in to, out of the parameters. */
import { readFileSync, statSync } from "node:fs";
import type { Algorithms } from "ssh2";
import type { Millis } from "../../core/ids.ts";
import { problem, type Result, success } from "../frame/agent.ts";
import type { Values } from "../frame/values.ts";
import { type Address, addressOf, limitMs } from "../tls/address.ts";
import { algorithmsOf } from "./algorithms.ts";

export const SSH_PORT = 22;
/** Units: bytes. */
const IDENTITY_BYTES_MAX = 65_536;

export interface SshTarget extends Address {
  readonly user: string;
  readonly password: string | undefined;
  readonly privateKey: string | undefined;
  readonly algorithms: Algorithms;
  /** SHA-256 of the host key in base64, without padding. Undefined: any is believed. */
  readonly fingerprint: string | undefined;
  /** Units: ms, for connecting and logging in together. */
  readonly loginMs: Millis;
}

export function targetOf(values: Values): Result<SshTarget> {
  // The default in the metadata is the one of telnet.
  const address = addressOf(values.isGiven("ipport") ? values : values.with({ ipport: undefined }), SSH_PORT);
  if (!address.ok) return address;
  const written = values.isGiven("ssh_options") ? (values.text("ssh_options") ?? "") : "";
  const algorithms = algorithmsOf(written);
  if (!algorithms.ok) return algorithms;
  const pin = values.text("ssh_fingerprint");
  const fingerprint = pin
    ?.trim()
    .replace(/^SHA256:/i, "")
    .replace(/=+$/, "");
  if (fingerprint !== undefined && !/^[A-Za-z0-9+/]{43}$/.test(fingerprint)) {
    return problem("usage", "ssh_fingerprint is none: SHA256: and 43 characters, as ssh-keygen -l prints it");
  }
  const file = values.text("identity_file");
  const privateKey = file === undefined ? success(undefined) : identityOf(file);
  if (!privateKey.ok) return privateKey;
  return success({
    ...address.value,
    user: values.text("username") ?? "",
    password: values.text("password"),
    privateKey: privateKey.value,
    algorithms: algorithms.value,
    fingerprint,
    loginMs: limitMs(values, "login_timeout", 5),
  });
}

function identityOf(file: string): Result<string> {
  try {
    if (statSync(file).size > IDENTITY_BYTES_MAX) return problem("usage", "identity_file is no private key");
    return success(readFileSync(file, "utf8"));
  } catch (error) {
    return problem(
      "usage",
      `identity_file cannot be read: ${(error as NodeJS.ErrnoException).code ?? "error"}`,
    );
  }
}
