/** Whatever the bytes: no exception, and either a configuration or at least one error. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parseClusterConf } from "./parse.ts";
import { createProblems, formatProblem, hasErrors } from "./problem.ts";
import { scanXml } from "./scan.ts";

const ARTICLE = readFileSync(new URL("../../test/golden/config/good-everything.conf", import.meta.url));
const TEXT = ARTICLE.toString("utf8");

function checked(source: string | Uint8Array) {
  const parsed = parseClusterConf(source);
  assert.equal(parsed.config === undefined, hasErrors(parsed.problems));
  assert.equal(parsed.parameters === undefined, hasErrors(parsed.problems));
  for (const problem of parsed.problems) {
    const line = formatProblem(problem, "f");
    assert.ok(line.length < 800, line);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}]/u);
    assert.ok(problem.what !== "" && problem.expected !== "");
  }
  return parsed;
}

function refused(source: string | Uint8Array, why: RegExp): void {
  const parsed = checked(source);
  assert.equal(parsed.config, undefined);
  assert.match(parsed.problems.map((problem) => formatProblem(problem, "f")).join("\n"), why);
}

test("random bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void checked(bytes)),
    { numRuns: 500 },
  );
});

test("random text of XML's own characters", () => {
  const pieces = fc.constantFrom(
    "<",
    ">",
    "/",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "&",
    "&amp;",
    ";",
    "=",
    '"',
    "'",
    " ",
    "\n",
    "a",
    "cluster",
    'x="1"',
    "<!",
    "\ud800",
    "\u0000",
    "é",
  );
  const text = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (source) => void checked(source)),
    { numRuns: 1_000 },
  );
});

test("a good file with bytes changed, left out or doubled", () => {
  const edit = fc.record({
    at: fc.nat({ max: ARTICLE.length - 1 }),
    drop: fc.nat({ max: 20 }),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom("<", ">", '"', "&", "<!DOCTYPE a>", "\0", "-1")
        .map((text) => new TextEncoder().encode(text)),
    ),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let bytes: Uint8Array = ARTICLE;
      for (const { at, drop, put } of edits) {
        bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + drop)]);
      }
      checked(bytes);
    }),
    { numRuns: 500 },
  );
});

test("a good file with lines left out, doubled or exchanged", () => {
  const lines = TEXT.split("\n");
  const index = fc.nat({ max: lines.length - 1 });
  fc.assert(
    fc.property(fc.array(index, { maxLength: lines.length }), (order) => {
      checked(["<cluster>", ...order.map((one) => lines[one]), "</cluster>"].join("\n"));
    }),
    { numRuns: 300 },
  );
});

test("the walk before the parser finds every tag of a well-formed tree, in order, at its place", () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,6}$/);
  const value = fc.stringMatching(/^[a-z0-9 >/='!-]{0,10}$/);
  const gap = fc.constantFrom("", " ", "\n", "<!-- <a b='c'> -->", "<?pi <x> ?>", "<![CDATA[<y>]]>");
  const tree = fc.letrec<{ node: string }>((tie) => ({
    node: fc
      .tuple(
        name,
        fc.dictionary(name, value, { maxKeys: 3 }),
        fc.array(fc.oneof({ maxDepth: 3 }, gap, tie("node")), { maxLength: 3 }),
      )
      .map(([tag, attributes, inner]) => {
        const written = Object.entries(attributes).map(([key, text]) => `\n ${key} = "${text}"`);
        const body = inner.join("");
        return body === "" ? `<${tag}${written.join("")}/>` : `<${tag}${written.join("")}>${body}</${tag}>`;
      }),
  })).node;
  fc.assert(
    fc.property(tree, (text) => {
      const problems = createProblems();
      const scan = scanXml(text, problems);
      assert.deepEqual([scan.end, scan.balanced, problems.all()], ["complete", true, []]);
      const rows = text.split("\n");
      for (const tag of scan.tags) {
        assert.ok((rows[tag.place.line - 1] ?? "").slice(tag.place.column - 1).startsWith(`<${tag.name}`));
        for (const [key, place] of tag.attributes) {
          assert.ok((rows[place.line - 1] ?? "").slice(place.column - 1).startsWith(`${key} = `));
        }
      }
      const plain = text
        .replaceAll(/<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>/g, "")
        .replaceAll(/"[^"]*"/g, "");
      assert.equal(scan.tags.length, [...plain.matchAll(/<[a-z_]/g)].length);
    }),
    { numRuns: 300 },
  );
});

test("billion laughs, external entities, parameter entities", () => {
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    "",
  );
  const bomb = `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><cluster name="&l10;" config_version="1"/>`;
  refused(bomb, /document type declaration/);
  refused(
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><cluster name="&e;"/>',
    /document type declaration/,
  );
  refused('<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><cluster/>', /document type declaration/);
  refused('<?xml version="1.0"?><!-- a -->\n<!doctype x><cluster/>', /document type declaration/);
  refused('<cluster name="&e;" config_version="1"/>', /an & that begins no known entity/);
});

test("deep nesting, huge attributes, many attributes", () => {
  refused("<cluster>".repeat(100_000), /nested too deeply/);
  refused(`<cluster name="${"x".repeat(1_000_000)}" config_version="1"/>`, /value of "name" is too long/);
  refused(
    `<cluster ${Array.from({ length: 50_000 }, (_, i) => `a${i}="1"`).join(" ")}/>`,
    /too many attributes/,
  );
  refused(`<${"n".repeat(10_000)}/>`, /is too long/);
  refused(`<cluster${" ".repeat(900_000)}`, /error/);
  refused(`<cluster ${"a".repeat(900_000)}`, /error/);
  refused(`<cluster a="${"<".repeat(900_000)}`, /error/);
  refused("<!--".repeat(200_000), /never closed/);
});

test("wrong encodings and NUL bytes", () => {
  const utf16 = new Uint8Array([0xff, 0xfe, ...[...TEXT].flatMap((char) => [char.charCodeAt(0), 0])]);
  refused(utf16, /UTF-8/);
  refused(Buffer.from(TEXT.replace("everything", "caf\xe9"), "latin1"), /UTF-8/);
  refused(TEXT.replace('encoding="UTF-8"', 'encoding="UTF-16"'), /encoding other than UTF-8/);
  refused(TEXT.replace('encoding="UTF-8"', 'encoding="EBCDIC"'), /encoding other than UTF-8/);
  refused(TEXT.replace("everything", "ever\0thing"), /error/);
  refused(new Uint8Array(1_000), /error/);
  assert.ok(checked(Buffer.concat([new Uint8Array([0xef, 0xbb, 0xbf]), ARTICLE])).config);
  assert.ok(checked(`\ufeff${TEXT}`).config);
});

test("100 MB are refused by their size, unread", () => {
  refused(new Uint8Array(100 * 1024 * 1024), /f: error: the file has more than 1048576 bytes/);
  assert.equal(parseClusterConf(new Uint8Array(100 * 1024 * 1024)).digest, undefined);
  refused("x".repeat(100 * 1024 * 1024), /more than 1048576 bytes/);
});
