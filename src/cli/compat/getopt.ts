/** getopt(3) as the old tools used it: short options, in any place, with getopt's own complaints. */

export interface Parsed {
  readonly ok: true;
  /** Options in the order in which they came. `value` is empty for those that take none. */
  readonly options: readonly { readonly letter: string; readonly value: string }[];
  readonly words: readonly string[];
}

export type GetoptResult = Parsed | { readonly ok: false; readonly complaint: string };

/** `spec` as in C: a letter, followed by `:` when it takes a value. Source: getopt(3), GNU permutation. */
export function getopt(program: string, argv: readonly string[], spec: string): GetoptResult {
  const options: { letter: string; value: string }[] = [];
  const words: string[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") return { ok: true, options, words: [...words, ...rest] };
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? "";
      const known = letter !== ":" && spec.includes(letter);
      if (!known) return { ok: false, complaint: `${program}: invalid option -- '${letter}'` };
      if (spec[spec.indexOf(letter) + 1] !== ":") {
        options.push({ letter, value: "" });
        continue;
      }
      const value = at + 1 < word.length ? word.slice(at + 1) : rest.shift();
      if (value === undefined) {
        return { ok: false, complaint: `${program}: option requires an argument -- '${letter}'` };
      }
      options.push({ letter, value });
      break;
    }
  }
  return { ok: true, options, words };
}

/** The last value given for a letter. */
export function lastValue(parsed: Parsed, letter: string): string | undefined {
  return parsed.options.findLast((option) => option.letter === letter)?.value;
}

export function has(parsed: Parsed, letter: string): boolean {
  return parsed.options.some((option) => option.letter === letter);
}
