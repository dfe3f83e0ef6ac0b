/**
 * Writes the files of test/golden/config that are made from the examples: see mutations.txt there.
 * Without `--write` it only says which differ.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const ROOT = new URL("../../", import.meta.url);
const FOLDER = new URL("test/golden/config/", ROOT);

export interface MutatedFile {
  readonly name: string;
  readonly text: string;
}

const HEAD = /^(good|warn|wrong|broken) ([a-z0-9-]+) < ([a-z0-9-]+)$/;

/** Errors: throws when an exchange does not find what it is to replace: it would test nothing. */
export function mutatedFiles(list: string, baseOf: (name: string) => string): readonly MutatedFile[] {
  const blocks = list
    .split(/\n\n+/)
    .map((block) => block.split("\n").filter((line) => !line.startsWith("#")));
  return blocks.flatMap(([head = "", ...edits]) => {
    if (head === "") return [];
    const [, kind, name, base] = HEAD.exec(head) ?? [];
    if (kind === undefined || name === undefined || base === undefined)
      throw new Error(`not a head: ${head}`);
    return [{ name: `${kind}-${name}.conf`, text: edited(baseOf(base), edits, name) }];
  });
}

function edited(base: string, lines: readonly string[], name: string): string {
  let text = base;
  const edits = lines.filter((line) => line !== "");
  if (edits.length === 0 || edits.length % 2 === 1) throw new Error(`${name}: - and + come in pairs`);
  for (let at = 0; at < edits.length; at += 2) {
    const [, which = "", from] = /^-(?:([0-9*]):)?(.*)$/s.exec(edits[at] ?? "") ?? [];
    const to = edits[at + 1] ?? "";
    if (from === undefined || !to.startsWith("+")) throw new Error(`${name}: ${edits[at]}`);
    text = replaced(text, unescaped(from), unescaped(to.slice(1)), which, name);
  }
  return text;
}

function replaced(text: string, from: string, to: string, which: string, name: string): string {
  const parts = text.split(from);
  const nth = which === "" ? 1 : Number(which);
  if (parts.length === 1 || (which !== "*" && parts.length <= nth)) throw new Error(`${name}: no ${from}`);
  if (which === "*") return parts.join(to);
  return `${parts.slice(0, nth).join(from)}${to}${parts.slice(nth).join(from)}`;
}

function unescaped(text: string): string {
  return text.replaceAll("\\n", "\n");
}

export function readMutatedFiles(): readonly MutatedFile[] {
  const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
  return mutatedFiles(readFileSync(new URL("mutations.txt", FOLDER), "utf8"), (name) =>
    read(`docs/examples/${name}.conf`),
  );
}

export function currentText(name: string): string | undefined {
  try {
    return readFileSync(new URL(name, FOLDER), "utf8");
  } catch {
    return undefined; // Not written yet.
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { name, text } of readMutatedFiles()) {
    if (currentText(name) === text) continue;
    console.log(name);
    if (process.argv.includes("--write")) writeFileSync(new URL(name, FOLDER), text);
  }
}
