/** Which algorithms are offered to a device: those of today, and older ones that the configuration names. */
import type { Algorithms } from "ssh2";
import { problem, type Result, success } from "../frame/agent.ts";

const TODAY = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
  ],
  serverHostKey: [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ],
  cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
  hmac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
  ],
} as const;

/** What cards of the years before 2012 know, and nothing that is broken in practice today. */
const OLD = {
  kex: ["diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1", "diffie-hellman-group1-sha1"],
  serverHostKey: ["ssh-rsa", "ssh-dss"],
  cipher: ["aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"],
  hmac: ["hmac-sha1-96", "hmac-md5"],
} as const;

type Kind = keyof typeof TODAY;

/** Options of OpenSSH that choose algorithms, in lower case. */
const OPTIONS: Readonly<Record<string, Kind>> = {
  kexalgorithms: "kex",
  hostkeyalgorithms: "serverHostKey",
  ciphers: "cipher",
  macs: "hmac",
};

/** Of no matter here: the host key is checked by ssh_fingerprint, the rest is how we do it anyway. */
const NO_MATTER: ReadonlySet<string> = new Set([
  "stricthostkeychecking",
  "userknownhostsfile",
  "globalknownhostsfile",
  "pubkeyacceptedalgorithms",
  "pubkeyacceptedkeytypes",
  "pubkeyauthentication",
  "connecttimeout",
  "loglevel",
  "batchmode",
]);

/**
 * Reads `ssh_options`: `-o KexAlgorithms=+diffie-hellman-group14-sha1`, as for OpenSSH. With `+` they come
 * behind those of today; without, they are the only ones.
 */
export function algorithmsOf(options: string): Result<Algorithms> {
  const chosen: Record<Kind, readonly string[]> = { ...TODAY };
  const words = options.split(/\s+/).filter((word) => word !== "");
  while (words.length > 0) {
    const word = words.shift() ?? "";
    if (!word.startsWith("-o")) return unsupported(word);
    const pair = (word === "-o" ? (words.shift() ?? "") : word.slice(2)).replace(/^["']|["']$/g, "");
    const [, name = "", value = ""] = /^([A-Za-z]+)=(.*)$/.exec(pair) ?? [];
    const kind = OPTIONS[name.toLowerCase()];
    if (kind === undefined && NO_MATTER.has(name.toLowerCase())) continue;
    if (kind === undefined) return unsupported(pair);
    const named = value.replace(/^\+/, "").split(",");
    const known: readonly string[] = [...TODAY[kind], ...OLD[kind]];
    const strange = named.find((one) => !known.includes(one));
    if (strange !== undefined) {
      return problem("unsupported", `ssh_options: ${name} ${printable(strange)} is not known here`);
    }
    chosen[kind] = value.startsWith("+") ? [...chosen[kind], ...named] : named;
  }
  return success(chosen as Algorithms);
}

function unsupported(word: string): Result<never> {
  return problem("unsupported", `ssh_options: ${printable(word)} is not known here, only -o Name=value`);
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 60);
}
