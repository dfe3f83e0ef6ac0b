/**
 * Stories are data; this is all the code. To accept a change: `npm run test:scn:rewrite`, then read
 * the diff, and commit it only if every changed line can be explained in the commit message.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { playScenario } from "../src/sim/scenario.ts";

const DIRECTORY = new URL("./scenarios/", import.meta.url);
const REWRITE = process.env["SCN_REWRITE"] === "1";
const LINES_MAX = 150;

for (const file of globSync("**/*.scn", { cwd: DIRECTORY.pathname }).sort()) {
  test(file, () => {
    const path = new URL(file, DIRECTORY);
    const text = readFileSync(path, "utf8");
    assert.match(text, /^# .{20,}\n/, "the first line states the claim");
    const actual = playScenario(text);
    if (REWRITE) writeFileSync(path, actual);
    else assert.equal(actual, text);
    assert.ok(actual.split("\n").length <= LINES_MAX + 1, `at most ${LINES_MAX} lines`);
    assert.doesNotMatch(actual, /^error: I\d/m, "a promise was broken");
  });
}
