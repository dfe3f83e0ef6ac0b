/**
 * `config_version` in the text of a `cluster.conf`: read and raised without touching anything else, so
 * that comments and layout stay as their author made them.
 */

/** Units: bytes. Largest text that can be activated: it travels in one message of the group. */
export const ACTIVATED_BYTES_MAX = 768 * 1024;

const ROOT =
  /^(?:\uFEFF)?(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\])?\s*>)*<cluster(?=[\s/>])/;
const ATTRIBUTE = /\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')/y;

interface Found {
  /** Place of the value between its quotes; both equal where the attribute would go. */
  readonly from: number;
  readonly to: number;
  readonly value?: string;
}

function find(text: string): Found | undefined {
  const root = ROOT.exec(text);
  if (root === null) return undefined;
  const start = root[0].length;
  ATTRIBUTE.lastIndex = start;
  for (let match = ATTRIBUTE.exec(text); match !== null; match = ATTRIBUTE.exec(text)) {
    if (match[1] !== "config_version") continue;
    const to = ATTRIBUTE.lastIndex - 1;
    const value = (match[2] as string).slice(1, -1);
    return { from: to - value.length, to, value };
  }
  return { from: start, to: start };
}

/** What is written; undefined when there is none or it is no whole number. */
export function configVersionOf(text: string): number | undefined {
  const value = find(text)?.value?.trim();
  if (value === undefined || !/^[0-9]{1,15}$/.test(value)) return undefined;
  return Number(value);
}

/** The same text with another version; undefined when it has no `<cluster>` to write it on. */
export function withConfigVersion(text: string, version: number): string | undefined {
  const found = find(text);
  if (found === undefined) return undefined;
  const written = found.value === undefined ? ` config_version="${version}"` : String(version);
  return text.slice(0, found.from) + written + text.slice(found.to);
}
