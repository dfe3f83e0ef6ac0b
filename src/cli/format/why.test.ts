import assert from "node:assert/strict";
import { test } from "node:test";
import { formatWhy, type Why } from "./why.ts";

const same = (text: string): string => text;
const OPTIONS = { columns: 80, paint: { bold: same, good: same, hold: same } } as unknown as Parameters<
  typeof formatWhy
>[1];
const why = (gate: Why["gate"], waiting: number): Why => ({
  verdict: "Storage is held.",
  gate,
  since: 1_000,
  at: 2_000,
  why: [],
  locks: { count: 5, waiting },
});

test("why: whoever waits for a lock is named with the way to its reason, open or held", () => {
  for (const gate of ["open", "frozen"] as const) {
    assert.match(
      formatWhy(why(gate, 2), OPTIONS),
      /2 wishes for locks are not granted; .*bouncer locks --waiting/,
    );
    assert.match(formatWhy(why(gate, 1), OPTIONS), /1 wish for a lock is not granted/);
    assert.doesNotMatch(formatWhy(why(gate, 0), OPTIONS), /wish/);
  }
});
