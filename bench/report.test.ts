import assert from "node:assert/strict";
import { test } from "node:test";
import { createReport, digits, formatRows, percentile } from "./report.ts";

test("percentiles by nearest rank", () => {
  const samples = [50, 10, 40, 20, 30];
  assert.deepEqual(
    [0, 0.1, 0.5, 0.9, 1].map((p) => percentile(samples, p)),
    [10, 10, 30, 50, 50],
  );
});

test("three digits are enough", () => {
  assert.deepEqual([0.123456, 12.345, 1234.5, 0, Number.NaN].map(digits), [
    "0.123",
    "12.3",
    "1235",
    "0",
    "unknown",
  ]);
});

test("a report as a table", () => {
  const { report, rows } = createReport();
  report.samples("round trip", [1, 2, 3], "ms");
  report.figure("resident", 101.4, "MB");
  report.ratio("view change, 32 to 3 nodes", 3, 2);
  report.note("three nodes on loopback");
  assert.equal(
    formatRows("engine", rows),
    [
      "engine",
      "  round trip                       2 ms  p10 1, p90 3, n 3",
      "  resident                       101 MB",
      "  view change, 32 to 3 nodes  1.5 times",
      "  # three nodes on loopback",
    ].join("\n"),
  );
});

test("nothing to divide by, nothing measured", () => {
  const { report, rows } = createReport();
  report.ratio("a", 1, 0);
  report.samples("b", [], "ms");
  assert.deepEqual(
    rows.map((row) => row.value),
    ["no base", "no samples"],
  );
});
