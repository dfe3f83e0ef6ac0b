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

/** Old and new names of the agents' parameters, and the endings that agents of other vendors use. */
const SECRET_ENDING =
  /(?:passw(?:or)?d|passphrase|secret|token|cookie|community|hexadecimal_kg|api_?key|(?:secret|private|access)_?key)$/;

/** True when the value of this parameter must never be seen. A script or file that holds it may be. */
export function isSecretName(name: string): boolean {
  return SECRET_ENDING.test(name.toLowerCase().replaceAll("-", "_"));
}
