import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import { en } from "../../web/src/text/en.ts";
import { ru } from "../../web/src/text/ru.ts";
import { readMatching } from "./files.ts";
import { importsOf } from "./source.ts";
import { tooLong } from "./words.ts";

const PAGE = /^web\/src\/.*(?<!\.test)\.tsx?$/;
const LINES_MAX = 250;
/** What the page may take from the rest: what is pure. */
const FOLDERS = ["core", "api", "sim", "config", "codec"];
const PACKAGES = ["react", "react-dom"];

/** Every key of a catalogue, with what kind of value it has. */
function keysOf(catalogue: object, before = ""): string[] {
  return Object.entries(catalogue).flatMap(([key, value]) => {
    const path = `${before}${key}`;
    if (typeof value === "object" && value !== null) return keysOf(value, `${path}.`);
    return [`${path}: ${typeof value}`];
  });
}

test("both languages say everything", () => {
  assert.deepEqual(keysOf(ru).sort(), keysOf(en).sort());
});

test("nothing was left in English in the other catalogue", () => {
  const same = ["product", "signIn.", "node.ago", "settings.signedInAs", "timeline.step", "timeline.mark"];
  const texts = (catalogue: object, before = ""): [string, string][] =>
    Object.entries(catalogue).flatMap(([key, value]): [string, string][] => {
      if (typeof value === "string") return [[`${before}${key}`, value]];
      return typeof value === "object" && value !== null ? texts(value, `${before}${key}.`) : [];
    });
  const latin = texts(ru).filter(([key, text]) => !same.includes(key) && !/[а-яё№]/i.test(text));
  assert.deepEqual(latin, []);
});

/** Words between tags that are not from a catalogue. */
export function bareWords(file: string, source: string): string[] {
  return [...source.matchAll(/>\s*([A-Za-zА-Яа-я][^<>{}]*?)\s*<\//g)]
    .map((match) => match[1] ?? "")
    .filter((text) => !/[=;()]/.test(text))
    .map((text) => `${file}: ${text}`);
}

test("no component says anything by itself", () => {
  const parts = [...readMatching(/^web\/src\/.*\.tsx$/)];
  assert.deepEqual(
    parts.flatMap(([file, source]) => bareWords(file, source)),
    [],
  );
  assert.equal(bareWords("a", "<p>Hello there</p>").length, 1);
});

function breaches(file: string, source: string): string[] {
  return importsOf(source).flatMap(({ specifier }) => {
    if (!specifier.startsWith(".")) {
      return PACKAGES.some((name) => specifier === name || specifier.startsWith(`${name}/`))
        ? []
        : [`${file} imports ${specifier}`];
    }
    const target = posix.join(posix.dirname(file), specifier);
    if (target.startsWith("web/src/")) return [];
    return FOLDERS.some((folder) => target.startsWith(`src/${folder}/`)) ? [] : [`${file} imports ${target}`];
  });
}

test("the page takes only what is pure from the rest", () => {
  assert.deepEqual(
    [...readMatching(PAGE)].flatMap(([file, source]) => breaches(file, source)),
    [],
  );
  assert.equal(breaches("web/src/a.ts", 'import { x } from "../../src/adapters/x.ts";').length, 1);
  assert.equal(breaches("web/src/a.ts", 'import "left-pad";').length, 1);
});

test("widgets know no domain word, and files are short", () => {
  const files = readMatching(PAGE);
  const code = new Map([...files].filter(([file]) => !file.startsWith("web/src/text/")));
  assert.deepEqual(tooLong(code, LINES_MAX), []);
  for (const [file, source] of code) {
    if (!file.startsWith("web/src/ui/")) continue;
    const knows = importsOf(source).filter(({ specifier }) => /\/(parts|pages|logic)\//.test(specifier));
    assert.deepEqual(knows, [], file);
  }
});
