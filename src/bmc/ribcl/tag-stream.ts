/** Takes tags out of what a client sends, as they come. */

export interface ClientTag {
  /** In upper case; `?XML` for the declaration. */
  readonly name: string;
  readonly kind: "start" | "end" | "empty" | "declaration";
  /** Names in upper case, entities resolved. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Units: characters of a tag. What is longer is no tag that a client would send. */
const TAG_LENGTH_MAX = 8_192;

const TAG = /<(?:"[^"]*"|'[^']*'|[^<>"'])*>/y;
const ATTRIBUTE = /([A-Za-z_][\w.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function createTagStream(): { push(text: string): readonly ClientTag[] | "too-long" } {
  let pending = "";
  return {
    push(text) {
      pending += text;
      const tags: ClientTag[] = [];
      for (;;) {
        const begin = pending.indexOf("<");
        if (begin < 0) {
          pending = "";
          return tags;
        }
        TAG.lastIndex = begin;
        const found = TAG.exec(pending);
        if (found === null) {
          pending = pending.slice(begin);
          return pending.length > TAG_LENGTH_MAX ? "too-long" : tags;
        }
        tags.push(readTag(found[0]));
        pending = pending.slice(TAG.lastIndex);
      }
    },
  };
}

function readTag(text: string): ClientTag {
  const inside = text.slice(1, -1).trim();
  const name = (/^[/?]?\s*([\w.-]*)/.exec(inside)?.[1] ?? "").toUpperCase();
  const attributes = new Map<string, string>();
  for (const [, key = "", double, single] of inside.matchAll(ATTRIBUTE)) {
    attributes.set(key.toUpperCase(), unescaped(double ?? single ?? ""));
  }
  const kind = inside.startsWith("?")
    ? "declaration"
    : inside.startsWith("/")
      ? "end"
      : inside.endsWith("/")
        ? "empty"
        : "start";
  return { name, kind, attributes };
}

function unescaped(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
