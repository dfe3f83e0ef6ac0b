/** Attribute values as typed values. A wrong one is a problem and reads as if it were absent. */
import type { Place, Problems } from "./problem.ts";
import type { Attribute, Element } from "./xml.ts";

/** Values of elements that hold no secrets may be quoted in messages, cut to this. Units: characters. */
const QUOTED_CHARS_MAX = 40;

export function attributeOf(element: Element, name: string): Attribute | undefined {
  return element.attributes.find((attribute) => attribute.name === name);
}

/** Where the attribute stands, or else the element. */
export function placeOf(element: Element, name: string): Place {
  return attributeOf(element, name)?.place ?? element.place;
}

export function textOf(element: Element, name: string): string | undefined {
  return attributeOf(element, name)?.value;
}

export interface Range {
  readonly min: number;
  readonly max: number;
  /** For the message, e.g. "seconds". */
  readonly unit?: string;
}

export function integerOf(
  element: Element,
  name: string,
  range: Range,
  problems: Problems,
): number | undefined {
  const attribute = attributeOf(element, name);
  if (attribute === undefined) return undefined;
  const value = parseInteger(attribute.value);
  if (value !== undefined && value >= range.min && value <= range.max) return value;
  const unit = range.unit === undefined ? "" : ` (${range.unit})`;
  const expected = `a whole number from ${range.min} to ${range.max}${unit}`;
  problems.error(attribute.place, `${name} is ${quoted(attribute.value)}`, expected);
  return undefined;
}

/** Digits with an optional minus, blanks around allowed; nothing else: `0x10`, `1e3`, `5s` are none. */
export function parseInteger(text: string): number | undefined {
  const trimmed = text.trim();
  return /^-?[0-9]{1,15}$/.test(trimmed) ? Number(trimmed) : undefined;
}

const TRUE: ReadonlySet<string> = new Set(["1", "yes", "on", "true"]);
const FALSE: ReadonlySet<string> = new Set(["0", "no", "off", "false", ""]);

export function booleanOf(element: Element, name: string, problems: Problems): boolean | undefined {
  const attribute = attributeOf(element, name);
  if (attribute === undefined) return undefined;
  const value = switchOf(attribute.value);
  if (value === undefined) {
    problems.error(attribute.place, `${name} is ${quoted(attribute.value)}`, SWITCH_WORDS);
  }
  return value;
}

/** What a switch may be, for messages. */
export const SWITCH_WORDS = "1 or 0 (yes/no, on/off, true/false)";

/** Undefined: it is none. */
export function switchOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}

export function wordOf<Word extends string>(
  element: Element,
  name: string,
  allowed: readonly Word[],
  problems: Problems,
): Word | undefined {
  const attribute = attributeOf(element, name);
  if (attribute === undefined) return undefined;
  const found = allowed.find((word) => word === attribute.value.trim());
  if (found !== undefined) return found;
  const expected = `one of ${allowed.join(", ")}`;
  problems.error(
    attribute.place,
    `${name} is ${quoted(attribute.value)}`,
    expected,
    problems.guess(attribute.value, allowed),
  );
  return undefined;
}

/** An absolute path; without one the working directory of a daemon would decide. */
export function pathOf(element: Element, name: string, problems: Problems): string | undefined {
  const attribute = attributeOf(element, name);
  if (attribute === undefined) return undefined;
  if (attribute.value.startsWith("/")) return attribute.value;
  problems.error(attribute.place, `${name} is ${quoted(attribute.value)}`, "an absolute path");
  return undefined;
}

/** In quotes, cut. Never for values of fence devices, but for names, actions and seconds. */
export function quoted(value: string): string {
  const cut = value.length > QUOTED_CHARS_MAX ? `${value.slice(0, QUOTED_CHARS_MAX)}…` : value;
  return `"${cut}"`;
}

export function childrenOf(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function childOf(element: Element | undefined, name: string): Element | undefined {
  return childrenOf(element, name)[0];
}
