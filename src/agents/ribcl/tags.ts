import { DOCUMENT_TAGS_MAX, TAG_ATTRIBUTES_MAX } from "./limits.ts";

/** A start tag with its attributes. Shape: names in upper case, a blank inside a name becomes `_`. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * The start tags of one RIBCL document, in order. A scanner and no XML parser: some firmware closes
 * the root element at once and once more at the end, which no parser takes.
 *
 * Shape: at most {@link DOCUMENT_TAGS_MAX} tags with {@link TAG_ATTRIBUTES_MAX} attributes each; a
 * tag that does not end, and what stands in it, is not there.
 * Errors:  never throws.
 */
export function startTags(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  let at = text.indexOf("<");
  while (at >= 0 && tags.length < DOCUMENT_TAGS_MAX) {
    const read = readTag(text, at);
    if (read.tag !== undefined) tags.push(read.tag);
    at = text.indexOf("<", read.next);
  }
  return tags;
}

const NAME = /[A-Za-z_][\w.-]*/y;
/** One manual writes `HOST POWER="ON"`. */
const ATTRIBUTE = /\s*([A-Za-z_][\w.-]*(?: [A-Za-z_][\w.-]*)?)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const END = /\s*\/?>/y;

function readTag(text: string, from: number): { readonly tag?: Tag; readonly next: number } {
  const name = match(NAME, text, from + 1);
  if (name === undefined) return { next: from + 1 };
  let at = from + 1 + name[0].length;
  const attributes = new Map<string, string>();
  while (attributes.size < TAG_ATTRIBUTES_MAX) {
    const found = match(ATTRIBUTE, text, at);
    if (found === undefined) break;
    const key = (found[1] ?? "").toUpperCase().replace(" ", "_");
    // The same attribute twice: nobody can say which of the two is meant.
    if (attributes.has(key)) return { next: at };
    attributes.set(key, found[2] ?? found[3] ?? "");
    at += found[0].length;
  }
  if (match(END, text, at) === undefined) return { next: at };
  return { tag: { name: name[0].toUpperCase(), attributes }, next: at };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
