import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { STORIES } from "../../src/stories/all.ts";

test("docs/stories.md has one row for each story, with its own claim", () => {
  const page = readFileSync(new URL("../../docs/stories.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const expected = STORIES.map(
    ({ name, claim, options, runsIn }) =>
      `| \`${name}\` | ${claim} | ${options.nodes} | ${runsIn.join(", ")} |`,
  );
  assert.deepEqual(rows, expected);
});
