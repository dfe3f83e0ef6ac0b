import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN } from "./paint.ts";
import { clean, table, wrap } from "./text.ts";
import { formatAge, formatTook } from "./time.ts";

test("nothing from outside drives the terminal", () => {
  assert.equal(clean("a\u001b[2Jb\r\nc\u0007\u202e"), "a [2Jb c ");
});

test("wrapped lines stay within the width, except for words that are longer", () => {
  assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
  assert.deepEqual(wrap("abcdefghij kl", 4), ["abcdefghij", "kl"]);
  assert.deepEqual(wrap("", 4), [""]);
});

test("columns are as wide as their widest cell; lines have no trailing spaces", () => {
  const rows = [
    ["a", "1", ""],
    ["long", "22", "x"],
  ];
  assert.deepEqual(table(["N", "ID", "REST"], rows, { paint: PLAIN, right: [1] }), [
    "N     ID  REST",
    "a      1",
    "long  22  x",
  ]);
});

test("durations have two units at most", () => {
  const ages = [-5, 0, 59_400, 60_000, 192_000, 7_500_000, 273_600_000].map(formatAge);
  assert.deepEqual(ages, ["0 s", "0 s", "59 s", "1 min", "3 min 12 s", "2 h 5 min", "3 d 4 h"]);
  assert.deepEqual([12, 640, 12_440, 90_000].map(formatTook), ["12 ms", "0.64 s", "12.4 s", "1 min 30 s"]);
});
