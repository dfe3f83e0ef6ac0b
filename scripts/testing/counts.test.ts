import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTable, formatTotal, judged, type LevelResult, sum } from "./counts.ts";

const LOCAL = { ci: false };
const CI = { ci: true };

function result(passed: number, failed: number, skipped: number, leftOut?: string): LevelResult {
  const counts = { passed, failed, skipped };
  return { name: "unit", counts, tookMs: 1_234, ...(leftOut === undefined ? {} : { leftOut }) };
}

test("counts add up", () => {
  const total = sum([
    { passed: 1, failed: 2, skipped: 3 },
    { passed: 10, failed: 20, skipped: 30 },
  ]);
  assert.deepEqual(total, { passed: 11, failed: 22, skipped: 33 });
});

test("a level that was left out stays visible, and fails in CI", () => {
  assert.deepEqual(judged(result(0, 0, 0, "no root"), LOCAL), { passed: 0, failed: 0, skipped: 1 });
  assert.deepEqual(judged(result(0, 0, 0, "no root"), CI), { passed: 0, failed: 1, skipped: 0 });
});

test("a level without tests fails in CI", () => {
  assert.deepEqual(judged(result(0, 0, 0), CI), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(judged(result(0, 0, 0), LOCAL), { passed: 0, failed: 0, skipped: 1 });
});

test("a skipped test fails in CI", () => {
  assert.deepEqual(judged(result(5, 1, 2), CI), { passed: 5, failed: 3, skipped: 0 });
  assert.deepEqual(judged(result(5, 1, 2), LOCAL), { passed: 5, failed: 1, skipped: 2 });
});

test("the last line", () => {
  assert.equal(formatTotal({ passed: 12, failed: 0, skipped: 0 }), "12 passed, 0 failed");
  assert.equal(formatTotal({ passed: 12, failed: 3, skipped: 1 }), "12 passed, 3 failed, 1 skipped");
});

test("the table has a line per level and says what was left out", () => {
  const lines = formatTable([result(5, 0, 0), result(0, 0, 0, "no root")], LOCAL).split("\n");
  assert.equal(lines[0], "level         passed  failed skipped      took");
  assert.equal(lines[1], "unit               5       0       0     1.2 s");
  assert.equal(lines[2], "unit               0       0       1     1.2 s  left out: no root");
});
