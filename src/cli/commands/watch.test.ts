import assert from "node:assert/strict";
import { test } from "node:test";
import { formatEvent } from "../format/events.ts";
import { PLAIN } from "../format/paint.ts";

process.env.TZ = "UTC";
const AT = 1_356_806_100_000;
const status = (verdict: string) =>
  ({ type: "status", id: "r-1", data: { verdict, gate: "frozen", at: AT } }) as never;

test("a verdict is news when more than its durations changed", () => {
  const first = formatEvent(status("Storage is held (41 s): x."), undefined, PLAIN);
  assert.equal(first, "18:35:00  frozen Storage is held (41 s): x.");
  const later = "Storage is held (1 min 2 s): x.";
  assert.equal(formatEvent(status(later), "Storage is held (41 s): x.", PLAIN), undefined);
  assert.notEqual(formatEvent(status("Storage is held (41 s): y."), later, PLAIN), undefined);
});

test("a log line and a gap are one line each", () => {
  const log = {
    type: "log",
    id: "r-2",
    data: { at: AT, level: "warn", code: "x", text: "two\nlines" },
  } as const;
  assert.equal(formatEvent(log, undefined, PLAIN), "18:35:00  warn   two lines");
  const gap = { type: "gap", id: "r-3", data: { why: "a restart" } } as const;
  assert.equal(formatEvent(gap, undefined, PLAIN), "--------  some lines are lost: a restart");
});
