/** The configuration as the core wants it, from the text that the console shows: passwords do not matter here. */
import { deviceAliases } from "../../../src/config/device-aliases.ts";
import { configOf } from "../../../src/config/model.ts";
import type { Element as PlainElement } from "../../../src/config/xml.ts";
import type { ClusterConfig } from "../../../src/core/config.ts";
import { sha256 } from "../../../src/core/hash.ts";

export interface Played {
  readonly config: ClusterConfig;
  readonly aliases: ReadonlyMap<string, string>;
}

/** The browser's own parser says nothing of lines, and nothing here needs them. */
const PLACE = { line: 0, column: 0 };

export function readConfig(text: string): Played | undefined {
  const document = new DOMParser().parseFromString(text, "application/xml");
  if (document.querySelector("parsererror") !== null) return undefined;
  const root = plain(document.documentElement);
  const { config, parameters } = configOf({ root, digest: sha256(text), problems: [] });
  if (config === undefined || parameters === undefined) return undefined;
  return { config, aliases: deviceAliases(parameters) };
}

function plain(element: Element): PlainElement {
  const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  return {
    name: element.tagName,
    place: PLACE,
    attributes: [...element.attributes].map(({ name, value }) => ({ name, value, place: PLACE })),
    children: [...element.children].map(plain),
    hasText: texts.some((node) => (node.textContent ?? "").trim() !== ""),
  };
}
