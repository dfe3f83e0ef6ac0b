/** A text that was shown with masked passwords, edited and sent back: puts them in again. */
import { MASK } from "./redact.ts";
import { isSecretName } from "./secret.ts";

const TAG = /<([\w:-]+)((?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*"|'[^']*'))+)/g;
const ATTRIBUTE = /([^\s=<>"'/]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

export interface Restored {
  readonly text: string;
  /** Masked still: `fencedevice ilo-02, passwd`. */
  readonly unknown: readonly string[];
}

/**
 * An element of the base is the same one when it has the same tag and name; without names, when all
 * that is no secret is equal. Where several would fit with different passwords, none does.
 */
export function restoreSecrets(given: string, base: string): Restored {
  const known = new Map<string, Set<string>>();
  for (const [, tag = "", attributes = ""] of base.matchAll(TAG)) {
    for (const { name, value } of pairs(attributes)) {
      if (!isSecretName(name) || unquoted(value) === MASK) continue;
      const key = keyOf(tag, attributes, name);
      known.set(key, (known.get(key) ?? new Set()).add(unquoted(value)));
    }
  }
  const unknown: string[] = [];
  const text = given.replace(TAG, (whole, tag: string, attributes: string) => {
    if (!attributes.includes(MASK)) return whole;
    return `<${tag}${attributes.replace(ATTRIBUTE, (pair, name: string, equals: string, value: string) => {
      if (unquoted(value) !== MASK || !isSecretName(name)) return pair;
      const values = known.get(keyOf(tag, attributes, name));
      const [secret] = values?.size === 1 ? values : [];
      if (secret !== undefined) return `${name}${equals}${quoted(secret)}`;
      unknown.push(`${tag} ${nameOf(attributes) ?? "without a name"}, ${name}`);
      return pair;
    })}`;
  });
  return { text, unknown };
}

function pairs(attributes: string): { readonly name: string; readonly value: string }[] {
  return [...attributes.matchAll(ATTRIBUTE)].map(([, name = "", , value = ""]) => ({ name, value }));
}

function nameOf(attributes: string): string | undefined {
  const found = pairs(attributes).find(({ name }) => name === "name");
  return found === undefined ? undefined : unquoted(found.value);
}

function keyOf(tag: string, attributes: string, secret: string): string {
  const name = nameOf(attributes);
  if (name !== undefined) return JSON.stringify([tag, name, secret]);
  const others = pairs(attributes).filter((pair) => !isSecretName(pair.name));
  return JSON.stringify([tag, others.map((pair) => [pair.name, unquoted(pair.value)]).sort(), secret]);
}

function unquoted(value: string): string {
  return value.slice(1, -1);
}

/** Raw text of an attribute holds at most one kind of quote: the one that did not enclose it. */
function quoted(raw: string): string {
  return raw.includes('"') ? `'${raw}'` : `"${raw}"`;
}
