/** The elements of a text that may be half typed, and one attribute changed in it: the tree beside the text. Pure. */
import { createProblems, type Place } from "../../../src/config/problem.ts";
import { type ScannedTag, scanXml } from "../../../src/config/scan.ts";

export interface OutlineAttribute {
  readonly name: string;
  readonly value: string;
}

export interface OutlineItem {
  /** Its number in the text: what is selected stays selected while values change. */
  readonly index: number;
  readonly name: string;
  /** What tells it from its brothers: a name, a number; may be empty. */
  readonly label: string;
  readonly line: number;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly OutlineAttribute[];
}

/** Shape: in document order. `whole` is false when the text ends before its elements do. */
export interface Outline {
  readonly items: readonly OutlineItem[];
  readonly whole: boolean;
}

const LABELS = ["name", "nodename", "port", "nodeid", "ref"] as const;

export function outlineOf(text: string): Outline {
  const { tags, end, balanced } = scanXml(text, createProblems());
  const lines = startsOf(text);
  const items = tags.map((tag, index): OutlineItem => {
    const attributes = [...tag.attributes].map(([name, place]) => ({
      name,
      value: fromXml(text.slice(...valueAt(text, lines, place))),
    }));
    const key = LABELS.find((one) => tag.attributes.has(one));
    return {
      index,
      name: tag.name,
      label: attributes.find(({ name }) => name === key)?.value ?? "",
      line: tag.place.line,
      depth: tag.depth,
      hasChildren: (tags[index + 1]?.depth ?? 0) > tag.depth,
      attributes,
    };
  });
  return { items, whole: end === "complete" && balanced };
}

/** The text with one attribute changed or added; everything else stays, blanks too. */
export function withAttribute(text: string, index: number, name: string, value: string): string {
  const tag: ScannedTag | undefined = scanXml(text, createProblems()).tags[index];
  if (tag === undefined) return text;
  const lines = startsOf(text);
  const place = tag.attributes.get(name);
  if (place === undefined) {
    const at = offsetOf(lines, tag.place) + 1 + tag.name.length;
    return `${text.slice(0, at)} ${name}="${toXml(value)}"${text.slice(at)}`;
  }
  const [from, to] = valueAt(text, lines, place);
  return text.slice(0, from) + toXml(value) + text.slice(to);
}

/** Where a line begins and ends in the text, for whoever selects it. */
export function lineSpan(text: string, line: number): readonly [from: number, to: number] {
  const from = startsOf(text)[line - 1] ?? 0;
  const end = text.indexOf("\n", from);
  return [from, end < 0 ? text.length : end];
}

function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function offsetOf(lines: readonly number[], { line, column = 1 }: Place): number {
  return (lines[line - 1] ?? 0) + column - 1;
}

/** Between the quotes of the attribute that begins there. */
function valueAt(text: string, lines: readonly number[], place: Place): [from: number, to: number] {
  const equals = text.indexOf("=", offsetOf(lines, place));
  const quote = /["']/g;
  quote.lastIndex = equals;
  const from = quote.exec(text)?.index ?? equals;
  return [from + 1, text.indexOf(text[from] ?? '"', from + 1)];
}

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&" } as const;

function fromXml(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (one) => ENTITIES[one as keyof typeof ENTITIES]);
}

function toXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}
