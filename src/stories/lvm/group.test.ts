import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./crash.ts";
import { complaints, findOverlaps } from "./group.ts";

test("what a command says about the lab itself is no complaint, anything else is", () => {
  const result = {
    code: 0,
    stdout: "",
    stderr: "  WARNING: Activation disabled. No …\n\n  LV locked by other host: a/b\n",
  };
  assert.deepEqual(complaints(result), ["  LV locked by other host: a/b"]);
});

test("two volumes on one extent are found", () => {
  const a = { name: "a", from: 0, to: 3 };
  assert.deepEqual(findOverlaps([{ name: "c", from: 4, to: 4 }, a]), []);
  assert.deepEqual(findOverlaps([{ name: "b", from: 3, to: 4 }, a]), ["a and b share extent 3"]);
});

test("a command's success is true, and whoever was killed may have done it or not", () => {
  assert.deepEqual(judge("pa 0\npr 0\npk 137\npg 0\npg- 0\n", "p"), { must: ["pr"], may: ["pk"] });
  assert.deepEqual(judge("pa 0\npr 5\npk 0\npg 5\n", "p"), { must: ["pk"], may: ["pa", "pr", "pg"] });
  assert.deepEqual(judge("pa 5\npk 137\npg 0\n", "p"), { must: ["pg"], may: ["pa", "pk"] });
});
