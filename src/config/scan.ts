/**
 * One linear walk over the text of an XML file, before the XML library sees it. It has two jobs: to
 * refuse what a `cluster.conf` never needs (document types and entities, depth, masses of elements)
 * at no cost, and to know where each tag and attribute begins, which the library does not tell.
 */
import {
  ATTRIBUTES_MAX,
  ATTRIBUTES_PER_ELEMENT_MAX,
  DEPTH_MAX,
  ELEMENTS_MAX,
  NAME_CHARS_MAX,
} from "./limits.ts";
import { createPlaces, type Places } from "./places.ts";
import type { Place, Problems } from "./problem.ts";

/** One start tag. */
export interface ScannedTag {
  readonly name: string;
  readonly place: Place;
  /** Tags around it; the root has none. */
  readonly depth: number;
  /** Where each attribute begins, by its name as written. */
  readonly attributes: ReadonlyMap<string, Place>;
}

/**
 * Shape: `tags` in document order. `end` says how far the walk came: `complete`; `broken` when the
 * text is no XML from some point on (the library then says why); `refused` when it must not even be
 * parsed (said in a problem). `balanced` is false when tags do not match (said in a problem).
 */
export interface Scan {
  readonly tags: readonly ScannedTag[];
  readonly end: "complete" | "broken" | "refused";
  readonly balanced: boolean;
}

interface OpenTag {
  readonly tag: ScannedTag;
  readonly end: number;
  readonly empty: boolean;
}

const NAME = /[^\s<>/="'&]+/y;
const ATTRIBUTE = /\s+([^\s<>/="'&]+)\s*=\s*(?:"[^"]*"|'[^']*')/y;
const TAG_END = /\s*(\/?)>/y;

export function scanXml(text: string, problems: Problems): Scan {
  const places = createPlaces(text);
  const tags: ScannedTag[] = [];
  const open: ScannedTag[] = [];
  let balanced = true;
  let attributes = 0;
  let at = text.indexOf("<");
  while (at >= 0) {
    const aside = skipAside(text, at);
    let end: number;
    if (aside === "doctype") {
      problems.error(places(at), "a document type declaration", "none: entities and DTDs are not read");
      return { tags, end: "refused", balanced };
    }
    if (aside === "endless") {
      problems.error(
        places(at),
        `a ${text[at + 1] === "!" ? "comment" : "<?"} that is never closed`,
        "its end, or nothing of it",
      );
      return { tags, end: "broken", balanced: false };
    }
    if (aside !== "tag") {
      end = aside;
    } else if (text[at + 1] === "/") {
      const name = matchAt(NAME, text, at + 2)?.[0];
      const close = name === undefined ? null : matchAt(TAG_END, text, at + 2 + name.length);
      if (name === undefined || close === null || close[1] === "/") return { tags, end: "broken", balanced };
      if (balanced) balanced = closes(name, open, places(at), problems);
      end = at + 2 + name.length + close[0].length;
    } else {
      const start = readStartTag(text, at, open.length, places);
      if (start === undefined) return { tags, end: "broken", balanced };
      tags.push(start.tag);
      attributes += start.tag.attributes.size;
      if (attributes > ATTRIBUTES_MAX) {
        const what = "the file has too many attributes";
        problems.error(start.tag.place, what, `at most ${ATTRIBUTES_MAX}`);
        return { tags, end: "refused", balanced };
      }
      if (!start.empty) open.push(start.tag);
      if (!isWithinLimits(start.tag, open.length, tags.length, problems)) {
        return { tags, end: "refused", balanced };
      }
      end = start.end;
    }
    at = text.indexOf("<", end);
  }
  const unclosed = open.at(-1);
  if (balanced && unclosed !== undefined) {
    balanced = false;
    problems.error(
      unclosed.place,
      `<${shownName(unclosed.name)}> is never closed`,
      `</${shownName(unclosed.name)}>`,
    );
  }
  return { tags, end: "complete", balanced };
}

/** Cut for messages. */
export function shownName(name: string): string {
  return name.length <= 40 ? name : `${name.slice(0, 40)}…`;
}

/** The end of a comment, instruction or character data that begins here; otherwise what begins. */
function skipAside(text: string, at: number): number | "tag" | "doctype" | "endless" {
  if (text.startsWith("<!--", at)) return after(text, "-->", at + 4);
  if (text.startsWith("<![CDATA[", at)) return after(text, "]]>", at + 9);
  if (text.startsWith("<?", at)) return after(text, "?>", at + 2);
  if (/^<!doctype/i.test(text.slice(at, at + 9))) return "doctype";
  return "tag"; // Whatever else begins with <! is no name and ends the walk.
}

function after(text: string, mark: string, from: number): number | "endless" {
  const at = text.indexOf(mark, from);
  return at < 0 ? "endless" : at + mark.length;
}

function readStartTag(text: string, at: number, depth: number, places: Places): OpenTag | undefined {
  const name = matchAt(NAME, text, at + 1)?.[0];
  if (name === undefined) return undefined;
  const place = places(at);
  const attributes = new Map<string, Place>();
  let end = at + 1 + name.length;
  for (;;) {
    const attribute = matchAt(ATTRIBUTE, text, end);
    if (attribute === null) break;
    const key = attribute[1] ?? "";
    attributes.set(key, places(end + attribute[0].indexOf(key)));
    end += attribute[0].length;
    if (attributes.size > ATTRIBUTES_PER_ELEMENT_MAX) break; // Refused by the caller.
  }
  const tag = { name, place, depth, attributes };
  if (attributes.size > ATTRIBUTES_PER_ELEMENT_MAX) return { tag, end, empty: true };
  const close = matchAt(TAG_END, text, end);
  if (close === null) return undefined;
  return { tag, end: end + close[0].length, empty: close[1] === "/" };
}

/** Takes the innermost open tag off the stack when `name` closes it; otherwise says what is wrong. */
function closes(name: string, open: ScannedTag[], place: Place, problems: Problems): boolean {
  const innermost = open.pop();
  if (innermost?.name === name) return true;
  const what = `</${shownName(name)}> closes nothing`;
  if (innermost === undefined) {
    problems.error(place, what, "no closing tag here: nothing is open");
    return false;
  }
  const wanted = shownName(innermost.name);
  const hint = problems.guess(name, [innermost.name]);
  problems.error(place, what, `</${wanted}> for the <${wanted}> of line ${innermost.place.line}`, hint);
  return false;
}

function isWithinLimits(tag: ScannedTag, depth: number, count: number, problems: Problems): boolean {
  const before = `<${shownName(tag.name)}>`;
  if (depth > DEPTH_MAX) {
    problems.error(tag.place, `${before} is nested too deeply`, `at most ${DEPTH_MAX} levels`);
    return false;
  }
  if (count > ELEMENTS_MAX) {
    problems.error(tag.place, "the file has too many elements", `at most ${ELEMENTS_MAX}`);
    return false;
  }
  if (tag.attributes.size > ATTRIBUTES_PER_ELEMENT_MAX) {
    problems.error(tag.place, `${before} has too many attributes`, `at most ${ATTRIBUTES_PER_ELEMENT_MAX}`);
    return false;
  }
  if (tag.name.length > NAME_CHARS_MAX) {
    problems.error(tag.place, `the name ${before} is too long`, `at most ${NAME_CHARS_MAX} characters`);
    return false;
  }
  return true;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
