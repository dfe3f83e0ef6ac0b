import assert from "node:assert/strict";
import { test } from "node:test";
import { findCounterProblems, parseJournal } from "./lock-journal.ts";

const lines = parseJournal("1 a x 10\n2 b y 20\n3 a x 30\n");
const END = { name: "a", incarnation: { boot: "x", start: "1" }, doneAt: 35 };

test("a journal without a fault; one silent increment for each node that was lost", () => {
  assert.deepEqual(findCounterProblems(lines, 3, []), []);
  assert.deepEqual(findCounterProblems(lines, 4, [END]), []);
});

test("every fault has its sentence", () => {
  const faults: readonly [string, number, readonly (typeof END)[], RegExp][] = [
    ["1 a x 10\n1 b y 20\n", 1, [], /b counted to 1 after somebody had counted to 1/],
    ["1 a x 10\n3 b y 20\n2 a x 30\n", 3, [END], /a counted to 2 after somebody had counted to 3/],
    ["1 a x 10\n3 b y 20\n", 3, [], /1 increments are in no journal/],
    ["1 a x 10\n2 b y 20\n", 1, [], /the counter says 1, the journal 2/],
    ["1 a x 10\n2 a x 36\n", 2, [END], /a counted to 2 1 ms after the certificate of its end/],
  ];
  for (const [text, counter, ended, expected] of faults) {
    assert.match(findCounterProblems(parseJournal(text), counter, ended).join("; "), expected);
  }
});

test("a torn line is nobody's", () => {
  assert.throws(() => parseJournal("1 a\n"), /a line that nobody wrote: 1 a/);
  assert.deepEqual(parseJournal("1 a x 10\n2 a"), [{ value: 1, node: "a", boot: "x", at: 10 }]);
});
