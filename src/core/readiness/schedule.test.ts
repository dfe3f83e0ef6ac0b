import assert from "node:assert/strict";
import { test } from "node:test";
import { firstLookAt, lookBudgetMs, nextLookAt, offsetOf, secondLookMs, slotFrom } from "./schedule.ts";

test("no two members ever look at one device at the same time, whatever they looked at before", () => {
  const intervalMs = 60_000;
  for (const executors of [2, 3, 5, 32]) {
    const lines = executors - 1;
    // The slots of one device: it stands at another position with each member.
    const offsets = Array.from({ length: executors }, (_, executor) =>
      offsetOf({ executor, executors, line: executor % lines, lines }, intervalMs),
    );
    assert.equal(new Set(offsets).size, executors);
    const apart = offsets.flatMap((a, i) => offsets.slice(i + 1).map((b) => Math.abs(a - b)));
    assert.ok(
      Math.min(...apart) >= intervalMs / executors / lines - 1,
      `${executors}: ${Math.min(...apart)}`,
    );
    assert.ok(offsets.every((offset) => offset >= 0 && offset < intervalMs));
  }
});

test("one member's devices follow one another within its part", () => {
  const offsets = [0, 1, 2].map((line) => offsetOf({ executor: 1, executors: 4, line, lines: 3 }, 60_000));
  assert.deepEqual(offsets, [15_000, 20_000, 25_000]);
});

test("slots go on in steps of the interval", () => {
  assert.equal(slotFrom(1_000, 500, 10_000, 0), 1_500);
  assert.equal(slotFrom(1_000, 500, 10_000, 1_500), 1_500);
  assert.equal(slotFrom(1_000, 500, 10_000, 1_501), 11_500);
  assert.equal(slotFrom(1_000, 500, 10_000, 95_000), 101_500);
});

test("the next look is never at once, and at most an interval and a quarter away", () => {
  const intervalMs = 60_000;
  for (let lookedAt = 0; lookedAt < 2 * intervalMs; lookedAt += 777) {
    const next = nextLookAt(lookedAt, 500, 20_000, intervalMs);
    assert.ok(next - lookedAt >= intervalMs / 4 && next - lookedAt <= 1.25 * intervalMs);
  }
});

test("what was never looked at is looked at within five seconds", () => {
  assert.equal(firstLookAt(100, 0, 60_000), 100);
  assert.equal(firstLookAt(100, 59_999, 60_000), 5_100);
  assert.equal(firstLookAt(100, 4_000, 5_000), 4_100);
});

test("a wait, two looks and the pause between them fit into two intervals", () => {
  for (const intervalMs of [60_000, 3_600_000, 10_000]) {
    const worst = 1.25 * intervalMs + 2 * lookBudgetMs(intervalMs, 600_000) + secondLookMs(intervalMs);
    assert.ok(worst <= 2 * intervalMs, `${intervalMs}: ${worst}`);
  }
  assert.equal(lookBudgetMs(60_000, 600_000), 15_000);
  assert.equal(lookBudgetMs(60_000, 4_000), 4_000);
  assert.equal(lookBudgetMs(5_000, 60_000), 1_500);
});
