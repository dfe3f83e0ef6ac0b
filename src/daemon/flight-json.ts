/** JSON for values of the core: maps, sets and the numbers that JSON lacks survive the round trip. */

export function formatFlightJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof Map) return { $map: [...item] };
    if (item instanceof Set) return { $set: [...item] };
    if (typeof item === "number" && !Number.isFinite(item)) return { $number: String(item) };
    return item;
  });
}

/** Errors: SyntaxError when the text is no JSON. */
export function parseFlightJson(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => {
    if (item === null || typeof item !== "object") return item;
    const tagged = item as { $map?: [unknown, unknown][]; $set?: unknown[]; $number?: string };
    if (Array.isArray(tagged.$map)) return new Map(tagged.$map);
    if (Array.isArray(tagged.$set)) return new Set(tagged.$set);
    if (typeof tagged.$number === "string") return Number(tagged.$number);
    return item;
  });
}
