import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lineSpan, outlineOf, withAttribute } from "./outline.ts";

const TEXT = `<?xml version="1.0"?>
<!-- <not an="element"> -->
<cluster name="c" config_version="1">
  <fencedevices>
    <fencedevice name='ilo "a"' agent = "fence_ilo"
      login="x &amp; y"/>
  </fencedevices>
  <clusternodes>
    <clusternode name="n1" nodeid="1"/>
  </clusternodes>
</cluster>
`;

test("elements with their depth, line and what tells them apart", () => {
  const { items, whole } = outlineOf(TEXT);
  assert.equal(whole, true);
  assert.deepEqual(
    items.map(({ name, label, line, depth, hasChildren }) => [name, label, line, depth, hasChildren]),
    [
      ["cluster", "c", 3, 0, true],
      ["fencedevices", "", 4, 1, true],
      ["fencedevice", 'ilo "a"', 5, 2, false],
      ["clusternodes", "", 8, 1, true],
      ["clusternode", "n1", 9, 2, false],
    ],
  );
  assert.deepEqual(items[2]?.attributes, [
    { name: "name", value: 'ilo "a"' },
    { name: "agent", value: "fence_ilo" },
    { name: "login", value: "x & y" },
  ]);
});

test("a text that is half typed shows what there is of it", () => {
  const half = TEXT.slice(0, TEXT.indexOf("nodeid"));
  const { items, whole } = outlineOf(half);
  assert.equal(whole, false);
  assert.deepEqual(
    items.map(({ name }) => name),
    ["cluster", "fencedevices", "fencedevice", "clusternodes"],
  );
  assert.deepEqual(outlineOf(""), { items: [], whole: true });
});

test("one value changes, nothing else", () => {
  assert.equal(withAttribute(TEXT, 4, "nodeid", "7"), TEXT.replace('nodeid="1"', 'nodeid="7"'));
  assert.equal(
    withAttribute(TEXT, 2, "login", `a<b & 'c"`),
    TEXT.replace("x &amp; y", "a&lt;b &amp; &apos;c&quot;"),
  );
  assert.equal(
    withAttribute(TEXT, 4, "votes", "1"),
    TEXT.replace("<clusternode ", '<clusternode votes="1" '),
  );
  assert.equal(withAttribute(TEXT, 99, "votes", "1"), TEXT);
});

test("whatever is written comes back, and the other values stay", () => {
  const value = fc.string({ unit: "grapheme" }).map((text) => text.replace(/\p{Cc}/gu, ""));
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2, 4), (text, index) => {
      const changed = outlineOf(withAttribute(TEXT, index, "name", text));
      assert.equal(changed.whole, true);
      for (const item of outlineOf(TEXT).items) {
        const wanted = item.attributes.map((one) =>
          item.index === index && one.name === "name" ? { ...one, value: text } : one,
        );
        assert.deepEqual(changed.items[item.index]?.attributes, wanted);
      }
    }),
  );
});

test("whatever the text is, the outline ends", () => {
  const bits = fc.constantFrom(
    "<",
    ">",
    "/",
    '"',
    "'",
    "=",
    "a",
    " ",
    "\n",
    "<!--",
    "-->",
    "<a b='c'>",
    "</a>",
  );
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
      const text = parts.join("");
      const { items } = outlineOf(text);
      for (const { index } of items)
        assert.ok(withAttribute(text, index, "x", "y").includes('x="y"') || /x\s*=/.test(text));
    }),
  );
});

test("the span of a line", () => {
  assert.equal(TEXT.slice(...lineSpan(TEXT, 4)), "  <fencedevices>");
  assert.deepEqual(lineSpan("one", 1), [0, 3]);
});
