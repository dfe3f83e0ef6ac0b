/** What has to be known of a parameter here. */
interface WithDefault {
  readonly name: string;
  readonly default?: string;
}

interface MaybeSecret {
  readonly name: string;
  readonly secret: boolean;
}

const OFF_WORDS: ReadonlySet<string> = new Set(["", "0", "no", "off", "false"]);

/** The parameters of one run, by current name, with the defaults filled in. Never prints itself. */
export class Values {
  readonly #texts: Map<string, string>;
  readonly #given: Set<string>;

  constructor(parameters: readonly WithDefault[], given: ReadonlyMap<string, string>) {
    const texts = new Map(given);
    for (const { name, default: standard } of parameters) {
      if (standard !== undefined && !texts.has(name)) texts.set(name, standard);
    }
    this.#texts = texts;
    this.#given = new Set(given.keys());
  }

  text(name: string): string | undefined {
    return this.#texts.get(name);
  }

  /** Did somebody write it down, or is it the default? */
  isGiven(name: string): boolean {
    return this.#given.has(name);
  }

  /** A switch that is on: named, and not with a value that means off. */
  isOn(name: string): boolean {
    const text = this.#texts.get(name);
    return text !== undefined && !OFF_WORDS.has(text.toLowerCase());
  }

  /** Shape: finite; `fallback` for what is no number. */
  number(name: string, fallback: number): number {
    const text = this.#texts.get(name)?.trim() ?? "";
    const value = /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : fallback;
    return Number.isFinite(value) ? value : fallback;
  }

  /** Of the choices of a `select`, in lower case. */
  choice(name: string): string | undefined {
    return this.#texts.get(name)?.toLowerCase();
  }

  /** The same with other values for some names; `undefined` takes one away. */
  with(changes: Readonly<Record<string, string | undefined>>): Values {
    const next = new Values([], new Map());
    for (const [name, text] of this.#texts) next.#texts.set(name, text);
    for (const name of this.#given) next.#given.add(name);
    for (const [name, text] of Object.entries(changes)) {
      next.#texts.delete(name);
      next.#given.delete(name);
      if (text === undefined) continue;
      next.#texts.set(name, text);
      next.#given.add(name);
    }
    return next;
  }

  /** Each value that nobody should see, for whoever prints what devices say. */
  secrets(parameters: readonly MaybeSecret[]): readonly string[] {
    return parameters.flatMap(({ name, secret }) => {
      const text = this.#texts.get(name);
      return secret && text !== undefined && text !== "" ? [text] : [];
    });
  }

  toString(): string {
    return "[parameters]";
  }

  toJSON(): string {
    return "[parameters]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[parameters]";
  }
}
