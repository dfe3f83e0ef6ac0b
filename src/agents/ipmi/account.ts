/** Who we are to the device, checked and in bytes, out of the parameters. */
import { problem, type Result, success } from "../frame/agent.ts";
import type { Values } from "../frame/values.ts";
import { KEY_BYTES, SUITES, type Suite, suiteOf } from "./suites.ts";

const USER_BYTES_MAX = 16;
const PASSWORD15_BYTES_MAX = 16;

export const PRIVILEGES: Readonly<Record<string, number>> = {
  callback: 1,
  user: 2,
  operator: 3,
  administrator: 4,
};

export interface Account {
  readonly user: Buffer;
  readonly password: Buffer;
  readonly privilege: number;
  /** Kg, when the device has one of its own. */
  readonly bmcKey?: Buffer;
  /** The only suite to be offered; absent: the preferred ones. */
  readonly suite?: Suite;
  /** `1.5`: as the original does without lanplus, and 2.0 when the device has no 1.5. */
  readonly dialect: "1.5" | "2.0";
  /** The only way to sign in 1.5 that somebody asked for. */
  readonly auth15?: "md5" | "password" | "none";
}

/** Never a value in a message: each of them may be a secret, put into the wrong place. */
export function accountOf(values: Values): Result<Account> {
  const user = Buffer.from(values.text("username") ?? "", "utf8");
  const password = Buffer.from(values.text("password") ?? "", "utf8");
  const dialect = values.isOn("lanplus") ? "2.0" : "1.5";
  if (user.length > USER_BYTES_MAX) return usage(`the login is longer than ${USER_BYTES_MAX} bytes`);
  const longest = dialect === "2.0" ? KEY_BYTES : PASSWORD15_BYTES_MAX;
  if (password.length > longest) {
    return usage(`the password is longer than the ${longest} bytes that IPMI ${dialect} has`);
  }
  const kg = values.text("hexadecimal_kg");
  const bmcKey = kg === undefined ? undefined : keyFromHex(kg);
  if (kg !== undefined && bmcKey === undefined) {
    return usage(`hexadecimal_kg must be an even number of hexadecimal digits, at most ${2 * KEY_BYTES}`);
  }
  const cipher = values.text("cipher")?.trim();
  const suite = cipher === undefined || !/^\d{1,3}$/.test(cipher) ? undefined : suiteOf(Number(cipher));
  if (cipher !== undefined && suite === undefined) {
    const known = SUITES.map(({ id }) => id).join(", ");
    return problem("unsupported", `this cipher suite is not built in; there are ${known}`);
  }
  if (values.text("target") !== undefined) {
    return problem("unsupported", 'bridging to a target is not built in: set builtin="0" on the device');
  }
  const auth15 = values.choice("auth") as Account["auth15"];
  return success({
    user,
    password,
    privilege: PRIVILEGES[values.choice("privlvl") ?? ""] ?? PRIVILEGES.administrator ?? 0,
    dialect,
    ...(bmcKey === undefined ? {} : { bmcKey }),
    ...(suite === undefined ? {} : { suite }),
    ...(auth15 === undefined ? {} : { auth15 }),
  });
}

function keyFromHex(text: string): Buffer | undefined {
  const digits = text.trim().replace(/^0x/i, "");
  if (!/^([0-9a-f]{2})+$/i.test(digits) || digits.length > 2 * KEY_BYTES) return undefined;
  return Buffer.from(digits, "hex");
}

function usage(detail: string): Result<Account> {
  return problem("usage", detail);
}
