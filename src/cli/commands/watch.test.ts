import assert from "node:assert/strict";
import { test } from "node:test";
import { formatEvent } from "../format/events.ts";
import { PLAIN } from "../format/paint.ts";

process.env.TZ = "UTC";
const AT = 1_356_806_100_000;
const status = (verdict: string, ...codes: string[]) => {
  const why = codes.map((code) => ({ code, step: "", reason: "", endsWhen: "", actions: [] }));
  return { type: "status", id: "r-1", data: { verdict, gate: "frozen", at: AT, why } } as never;
};

test("a status is news when the gate or the causes changed", () => {
  const first = formatEvent(status("Storage is held (41 s): x.", "victim"), undefined, PLAIN);
  assert.equal(first, "18:35:00  frozen Storage is held (41 s): x.");
  assert.equal(
    formatEvent(status("Storage is held (42 s): y.", "victim"), "frozen\nvictim ", PLAIN),
    undefined,
  );
  const more = formatEvent(
    status("Storage is held (43 s): z.", "victim", "no-quorum"),
    "frozen\nvictim ",
    PLAIN,
  );
  assert.equal(more, "18:35:00  frozen Storage is held (43 s): z.");
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
