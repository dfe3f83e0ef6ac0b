import { createHash } from "node:crypto";
import ssh2 from "ssh2";

export interface HostKey {
  readonly privateKey: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

/** Old cards have RSA with 1024 bits; OpenSSH of today wants more, and so does this one. */
const RSA_BITS = 2_048;

export function createHostKey(algorithms: "today" | "old"): HostKey {
  const pair =
    algorithms === "old"
      ? ssh2.utils.generateKeyPairSync("rsa", { bits: RSA_BITS })
      : ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  const parsed = ssh2.utils.parseKey(pair.public);
  if (parsed instanceof Error) throw parsed;
  const [key] = Array.isArray(parsed) ? parsed : [parsed];
  const blob = (key as ssh2.ParsedKey).getPublicSSH();
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { privateKey: pair.private, fingerprint: `SHA256:${digest}` };
}
