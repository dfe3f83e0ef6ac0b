import assert from "node:assert/strict";
import { test } from "node:test";
import { PROBLEMS_MAX } from "./limits.ts";
import { createProblems, hasErrors } from "./problem.ts";

test("an error behind a flood of warnings still counts as an error", () => {
  const problems = createProblems();
  for (let line = 1; line <= PROBLEMS_MAX; line++) problems.warn({ line, column: 1 }, "w", "x");
  assert.equal(hasErrors(problems.all()), false);
  problems.warn({ line: 900, column: 1 }, "one more", "x");
  assert.equal(hasErrors(problems.all()), false);
  problems.error({ line: 999, column: 1 }, "e", "x");
  assert.equal(hasErrors(problems.all()), true);
  assert.equal(problems.all().length, PROBLEMS_MAX + 1);
});

test("the same problem at the same place is said once", () => {
  const problems = createProblems();
  problems.error({ line: 1, column: 2 }, "e", "x");
  problems.error({ line: 1, column: 2 }, "e", "x");
  problems.error({ line: 1, column: 3 }, "e", "x");
  assert.equal(problems.all().length, 2);
});
