/** How a power switch is spoken to, out of the parameters. */
import { getCiphers } from "node:crypto";
import { AuthProtocols, PrivProtocols, SecurityLevel, type User } from "net-snmp";
import { problem, type Result, success } from "../frame/agent.ts";
import type { Values } from "../frame/values.ts";

export type SnmpAccess =
  | { readonly version: "1" | "2c"; readonly community: string }
  | { readonly version: "3"; readonly user: User };

/** Shape: RFC 3414, 11.2: shorter ones are refused by every device. Units: characters. */
const PASSWORD_LENGTH_MIN = 8;

export function accessOf(values: Values): Result<SnmpAccess> {
  const version = values.choice("snmp_version");
  if (version === "3") return userOf(values);
  const community = values.text("community") ?? "";
  if (community === "") return problem("usage", "community is empty");
  return success({ version: version === "2c" ? "2c" : "1", community });
}

/** Shape: as `snmpget` does it; a password that is there is also used when no level says so. */
function userOf(values: Values): Result<SnmpAccess> {
  const name = values.text("username") ?? "";
  if (name === "") return problem("usage", "SNMP version 3 needs a username");
  const [authKey, privKey] = [values.text("password"), values.text("snmp_priv_passwd")];
  const level = values.choice("snmp_sec_level") ?? levelFor(authKey, privKey);
  if (level === "noauthnopriv") return user({ name, level: SecurityLevel.noAuthNoPriv });
  if (authKey === undefined) return problem("usage", `snmp_sec_level=${level} needs a password`);
  const authProtocol = values.choice("snmp_auth_prot") === "sha" ? AuthProtocols.sha : AuthProtocols.md5;
  const authentication = { name, authProtocol, authKey };
  if (tooShort(authKey)) return shortPassword("password");
  if (level === "authnopriv") return user({ ...authentication, level: SecurityLevel.authNoPriv });
  if (privKey === undefined) return problem("usage", "snmp_sec_level=authPriv needs snmp_priv_passwd");
  if (tooShort(privKey)) return shortPassword("snmp_priv_passwd");
  const isAes = values.choice("snmp_priv_prot") === "aes";
  if (!isAes && !getCiphers().includes("des-cbc")) {
    return problem(
      "unsupported",
      "DES is not in the OpenSSL of today: set snmp_priv_prot=AES, on the device too",
    );
  }
  const privProtocol = isAes ? PrivProtocols.aes : PrivProtocols.des;
  return user({ ...authentication, level: SecurityLevel.authPriv, privProtocol, privKey });
}

function levelFor(password: string | undefined, privacy: string | undefined): string {
  if (password === undefined) return "noauthnopriv";
  return privacy === undefined ? "authnopriv" : "authpriv";
}

function user(user: User): Result<SnmpAccess> {
  return success({ version: "3", user });
}

function tooShort(password: string): boolean {
  return Buffer.byteLength(password) < PASSWORD_LENGTH_MIN;
}

function shortPassword(name: string): Result<SnmpAccess> {
  return problem("usage", `${name} is shorter than the ${PASSWORD_LENGTH_MIN} characters of SNMP version 3`);
}
