/** How a secret looks wherever it is printed by mistake. */
const MASK = "[secret]";

/** Node's hook for console.log and util.inspect, by its registered name: no import needed. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * A password, held so that printing, joining, inspecting or serializing it by accident shows
 * `[secret]`. Whoever needs the text says so with `reveal()`, which is easy to search for.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Goes to the standard input of an agent and nowhere else. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [INSPECT](): string {
    return MASK;
  }
}

/** Parameters of agents that are secrets, old and new names. Compared with `-` read as `_`. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  "passwd",
  "password",
  "snmp_priv_passwd",
  "snmp_priv_password",
  "snmp_auth_passwd",
  "snmp_auth_password",
  "community",
  "hexadecimal_kg",
  "api_key",
  "apikey",
  "secret_key",
  "secretkey",
  "access_key",
]);

/** Agents of other vendors invent names; these endings are secrets in all that are known. */
const SECRET_ENDING = /(?:passwd|password|passphrase|secret|token|token_value|private_key)$/;

/** True when the value of this parameter must never be seen. A script or file that holds it may be. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll("-", "_");
  return SECRET_NAMES.has(plain) || SECRET_ENDING.test(plain);
}
