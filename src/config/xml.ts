/**
 * Bytes to a plain tree of elements with places. The library's document, which lives in memory that
 * the garbage collector does not see, is disposed of before this returns.
 */
import { ParseOption, XmlCData, XmlDocument, XmlElement, XmlLibError, XmlText } from "libxml2-wasm";
import { CONFIG_BYTES_MAX, VALUE_CHARS_MAX } from "./limits.ts";
import { NOWHERE, type Place, type Problems } from "./problem.ts";
import { type Scan, type ScannedTag, scanXml, shownName } from "./scan.ts";

export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

export interface Element {
  readonly name: string;
  readonly place: Place;
  /** In document order; names are unique, XML sees to that. */
  readonly attributes: readonly Attribute[];
  readonly children: readonly Element[];
  /** True when something else than blanks stands between its tags. */
  readonly hasText: boolean;
}

/** No network, no file access, no entity is ever replaced. Lines beyond 65535 are counted right. */
const OPTIONS =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NO_SYS_CATALOG;

/** Problems of one broken file that are worth reading: what follows the first ones is their echo. */
const SYNTAX_PROBLEMS_MAX = 5;

/** The root element; absent when the input is no XML that we read, with at least one error. */
export function readXml(source: string | Uint8Array, problems: Problems): Element | undefined {
  const text = decode(source, problems);
  if (text === undefined) return undefined;
  if (text.trim() === "") {
    problems.error(NOWHERE, "the file is empty", "a <cluster> element");
    return undefined;
  }
  if (!isDeclaredUtf8(text)) {
    problems.error({ line: 1, column: 1 }, "an encoding other than UTF-8 is declared", 'encoding="UTF-8"');
    return undefined;
  }
  const scan = scanXml(text, problems);
  if (scan.end === "refused") return undefined;
  const document = parse(text, scan, problems);
  if (document === undefined) return undefined;
  try {
    return plainTree(document, scan, problems);
  } finally {
    document.dispose();
  }
}

function decode(source: string | Uint8Array, problems: Problems): string | undefined {
  if (source.length > CONFIG_BYTES_MAX) {
    const what = `the file has more than ${CONFIG_BYTES_MAX} bytes`;
    problems.error(NOWHERE, what, "a cluster.conf; it was not read");
    return undefined;
  }
  if (typeof source === "string") return source.startsWith("\ufeff") ? source.slice(1) : source;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(source);
  } catch {
    problems.error(NOWHERE, "the file is not text in UTF-8", "UTF-8 (convert it with iconv)");
    return undefined;
  }
}

function isDeclaredUtf8(text: string): boolean {
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/.exec(text)?.[1];
  return declared === undefined || /^(?:utf-?8|us-ascii|ascii)$/i.test(declared);
}

function parse(text: string, scan: Scan, problems: Problems): XmlDocument | undefined {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text, { option: OPTIONS });
  } catch (error) {
    // What the library throws for bad input is its own class; whatever else it throws is bad input, too.
    reportSyntax(error instanceof XmlLibError ? error.details : [], scan, problems);
    return undefined;
  }
  if (scan.end === "complete" && scan.balanced && document.dtd === null) return document;
  document.dispose();
  if (scan.balanced) {
    problems.error(
      NOWHERE,
      "the file uses XML that a cluster.conf does not need",
      "plain elements and attributes",
    );
  }
  return undefined;
}

/**
 * The library's own words may quote what stands in the file, and that may be half a password: a line
 * with an unquoted `passwd`, say. So they are translated, never passed on.
 */
const SYNTAX: readonly (readonly [pattern: RegExp, what: string, expected: string])[] = [
  [/Attribute .*redefined/, "an attribute is written twice in this tag", "each attribute once"],
  [/AttValue: " or ' expected/, "an attribute's value is not in quotes", 'name="value"'],
  [/Specification mandates value/, "an attribute has no value", 'name="value"'],
  [/attributes construct error/, "attributes are not separated by blanks", 'name="value" name="value"'],
  [/Unescaped '<'/, "a < inside a value", "&lt; in its place"],
  [/EntityRef|Entity/, "an & that begins no known entity", "&amp; in its place"],
  [/CharRef/, "a character reference that is none", "&#N; with a valid number"],
  [/Invalid char|PCDATA invalid/i, "a character that XML does not allow", "text without control characters"],
  [/encoding|bytes/i, "bytes that are not UTF-8", "UTF-8 (convert it with iconv)"],
  [/[Nn]amespace/, "a name with a prefix (a:b)", "names without prefixes"],
  [
    /Comment|'--'|Double hyphen/,
    "a comment that is not closed properly",
    "<!-- without double hyphens inside -->",
  ],
  [
    /Extra content/,
    "something follows the end of the document",
    "one <cluster> element and nothing behind it",
  ],
  [/Start tag expected|Document is empty/, "the file does not begin with a tag", "a <cluster> element"],
];

/** What the library says once tags are out of step, or a comment has swallowed the rest. */
const ECHO = /Couldn't find end|tag mismatch|Premature end|Extra content|Comment|PI|CDATA|Start tag expected/;

function reportSyntax(
  details: readonly { readonly message: string; readonly line: number; readonly col: number }[],
  scan: Scan,
  problems: Problems,
): void {
  const lines = new Set<number>();
  for (const { message, line, col } of details) {
    const isEcho = ECHO.test(message) && (lines.size > 0 || !scan.balanced);
    if (isEcho || lines.has(line) || lines.size >= SYNTAX_PROBLEMS_MAX) continue;
    lines.add(line);
    const known = SYNTAX.find(([pattern]) => pattern.test(message));
    const place = { line, column: col };
    problems.error(place, known?.[1] ?? "the XML is broken here", known?.[2] ?? "well-formed XML");
  }
  if (lines.size === 0 && scan.balanced) problems.error(NOWHERE, "the file is no XML", "a <cluster> element");
}

/** Depth is bounded: the scan has refused deeper files. */
function plainTree(document: XmlDocument, scan: Scan, problems: Problems): Element | undefined {
  let next = 0;
  let understood = true;
  const convert = (node: XmlElement): Element => {
    const tag: ScannedTag | undefined = scan.tags[next];
    next += 1;
    const name = node.prefix === "" ? node.name : `${node.prefix}:${node.name}`;
    if (tag?.name !== name) understood = false;
    const place = tag?.place ?? { line: node.line, column: 0 };
    const attributes = readAttributes(node, tag, place, problems);
    const children: Element[] = [];
    let hasText = false;
    for (let child = node.firstChild; child !== null; child = child.next) {
      if (child instanceof XmlElement) children.push(convert(child));
      else if (child instanceof XmlText || child instanceof XmlCData) hasText ||= child.content.trim() !== "";
    }
    return { name, place, attributes, children, hasText };
  };
  const root = convert(document.root);
  if (understood && next === scan.tags.length) return root;
  problems.error(
    NOWHERE,
    "the file uses XML that a cluster.conf does not need",
    "plain elements and attributes",
  );
  return undefined;
}

function readAttributes(
  node: XmlElement,
  tag: ScannedTag | undefined,
  place: Place,
  problems: Problems,
): readonly Attribute[] {
  for (const [name, at] of tag?.attributes ?? []) {
    if (name !== "xmlns" && !name.startsWith("xmlns:")) continue;
    problems.error(at, `attribute "${shownName(name)}"`, "no XML namespaces");
  }
  return node.attrs.map((attribute) => {
    const name = attribute.prefix === "" ? attribute.name : `${attribute.prefix}:${attribute.name}`;
    const at = tag?.attributes.get(name) ?? place;
    const value = attribute.value;
    const shown = shownName(name);
    if (value.length > VALUE_CHARS_MAX) {
      problems.error(at, `the value of "${shown}" is too long`, `at most ${VALUE_CHARS_MAX} characters`);
    } else if (/[\r\n]/.test(value)) {
      problems.error(
        at,
        `the value of "${shown}" holds a line break`,
        "one line: agents read one per parameter",
      );
    }
    return { name, value, place: at };
  });
}
