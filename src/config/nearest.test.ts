import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { editDistance, nearest } from "./nearest.ts";

test("a swap, a letter too many, too few or wrong each count one", () => {
  assert.equal(editDistance("device", "device"), 0);
  assert.equal(editDistance("deivce", "device"), 1);
  assert.equal(editDistance("devices", "device"), 1);
  assert.equal(editDistance("devce", "device"), 1);
  assert.equal(editDistance("devise", "device"), 1);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("abc", ""), 3);
  assert.equal(editDistance("kitten", "sitting"), 3);
});

test("the distance is symmetric, and zero for equal words only", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      assert.equal(distance, editDistance(b, a));
      assert.equal(distance === 0, a === b);
      assert.ok(distance <= Math.max(a.length, b.length));
    }),
    { numRuns: 300 },
  );
});

test("the nearest name is offered, a wild guess is not", () => {
  const names = ["post_join_delay", "post_fail_delay", "override_time"];
  assert.equal(nearest("post_join_dealy", names), "post_join_delay");
  assert.equal(nearest("POST_FAIL_DELAY", names), "post_fail_delay");
  assert.equal(nearest("completely_other", names), undefined);
  assert.equal(nearest("E", ["A", "B"]), undefined);
  assert.equal(nearest("", names), undefined);
  assert.equal(nearest("x".repeat(100_000), names), undefined);
});

test("of two equally near names the first one is offered", () => {
  assert.equal(nearest("nodeX", ["node1", "node2"]), "node1");
});
