/** The configuration as the core wants it, from the text that the console shows: passwords do not matter here. */
import { deviceAliases } from "../../../src/config/device-aliases.ts";
import { configOf } from "../../../src/config/model.ts";
import type { Element } from "../../../src/config/xml.ts";
import type { ClusterConfig } from "../../../src/core/config.ts";
import { sha256 } from "../../../src/core/hash.ts";
import { type OutlineItem, outlineOf } from "./outline.ts";

export interface Played {
  readonly config: ClusterConfig;
  readonly aliases: ReadonlyMap<string, string>;
}

/** Undefined: nothing that can be played. What is wrong with it, the daemon says better. */
export function readConfig(text: string): Played | undefined {
  const { items, whole } = outlineOf(text);
  const root = items[0];
  if (!whole || root === undefined) return undefined;
  const { config, parameters } = configOf({ root: treeOf(items, root), digest: sha256(text), problems: [] });
  if (config === undefined || parameters === undefined) return undefined;
  return { config, aliases: deviceAliases(parameters) };
}

function treeOf(items: readonly OutlineItem[], item: OutlineItem): Element {
  const below = items.slice(item.index + 1);
  const end = below.findIndex(({ depth }) => depth <= item.depth);
  const inside = end < 0 ? below : below.slice(0, end);
  const place = { line: item.line, column: 1 };
  return {
    name: item.name,
    place,
    attributes: item.attributes.map(({ name, value }) => ({ name, value, place })),
    children: inside.filter(({ depth }) => depth === item.depth + 1).map((child) => treeOf(items, child)),
    hasText: false,
  };
}
