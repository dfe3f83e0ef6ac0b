import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson, sha256 } from "./hash.ts";

test("equals the platform's SHA-256 for every text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      assert.equal(sha256(text), createHash("sha256").update(text, "utf8").digest("hex"));
    }),
  );
});

test("every length around a block border", () => {
  for (let length = 0; length <= 130; length++) {
    const text = "a".repeat(length);
    assert.equal(sha256(text), createHash("sha256").update(text).digest("hex"), String(length));
  }
});

test("the order of keys and absent values do not matter", () => {
  assert.equal(
    canonicalJson({ b: 1, a: [undefined, null, { y: 2, x: "ü" }] }),
    '{"a":[null,null,{"x":"ü","y":2}],"b":1}',
  );
  assert.equal(canonicalJson({ a: 1, b: undefined }), canonicalJson({ a: 1 }));
  assert.notEqual(canonicalJson({ a: "1" }), canonicalJson({ a: 1 }));
});
