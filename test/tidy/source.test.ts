import assert from "node:assert/strict";
import { test } from "node:test";
import { blanked, computedImports, importsOf } from "./source.ts";

test("comments go, lines stay", () => {
  assert.equal(blanked("a // b\nc /* d\ne */ f", "strings"), "a     \nc     \n     f");
});

test("what looks like a comment inside a string is none", () => {
  const source = 'const a = "// no"; const b = `/* ${x /* yes */} */`; const c = /["\'//]/; d / e / f;';
  assert.equal(blanked(source, "strings"), source.replace("/* yes */", "         "));
});

test("the insides of strings, templates and regular expressions go when only code is wanted", () => {
  const source = 'f("Date.now", `Math ${Date.now({ a: `${b}` })} random`, /console/);';
  const code = blanked(source, "code");
  assert.equal(code.length, source.length);
  assert.equal(code.match(/Date\.now/g)?.length, 1);
  assert.doesNotMatch(code, /Math|random|console/);
  assert.match(code, /\bb\b/);
});

test("all ways to import", () => {
  const source = [
    'import { a } from "./a.ts";',
    'import type { B } from "./b.ts";',
    'import {\n  type C,\n  type D,\n} from "./c.ts";',
    'import { type E, f } from "./e.ts";',
    'export * from "./g.ts";',
    'export type { H } from "./h.ts";',
    'import "./i.ts";',
    'const j = await import("./j.ts");',
    'import k, { l } from "./k.ts"; // import "./comment.ts"',
    'const text = "import \'./text.ts\'"; export const from = "x";',
  ].join("\n");
  const seen = importsOf(source).map(
    ({ specifier, typeOnly, reExport }) =>
      `${specifier}${typeOnly ? " type" : ""}${reExport ? " export" : ""}`,
  );
  assert.deepEqual(seen, [
    "./a.ts",
    "./b.ts type",
    "./c.ts type",
    "./e.ts",
    "./g.ts export",
    "./h.ts type export",
    "./i.ts",
    "./j.ts",
    "./k.ts",
  ]);
});

test("an import whose target is computed is found", () => {
  assert.deepEqual(computedImports('import("./a.ts");\nimport(name);\nimport(`./${x}.ts`);'), [2, 3]);
});
