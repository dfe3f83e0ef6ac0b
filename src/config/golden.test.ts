/**
 * Every file in test/golden/config with everything that is wrong with it. To accept a change, run this
 * with CONFIG_GOLDEN_REWRITE=1, then read the difference: each changed line is a message that people see.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { parseClusterConf } from "./parse.ts";
import { formatProblem } from "./problem.ts";

const DIR = new URL("../../test/golden/config/", import.meta.url);
const REWRITE = process.env["CONFIG_GOLDEN_REWRITE"] === "1";
const FILES = readdirSync(DIR).filter((name) => name.endsWith(".conf"));

for (const name of FILES) {
  test(name, () => {
    const parsed = parseClusterConf(readFileSync(new URL(name, DIR)));
    const actual = parsed.problems.map((problem) => `${formatProblem(problem, name)}\n`).join("");
    const expectedFile = new URL(name.replace(/conf$/, "problems"), DIR);
    if (REWRITE) writeFileSync(expectedFile, actual);
    assert.equal(actual, readFileSync(expectedFile, "utf8"));
    const isUsable = /^(?:good|warn)-/.test(name);
    assert.equal(parsed.config !== undefined, isUsable, actual);
    assert.equal(parsed.parameters !== undefined, isUsable);
  });
}

test("there are enough of them, good and broken", () => {
  const good = FILES.filter((name) => name.startsWith("good-")).length;
  const broken = FILES.filter((name) => !/^(?:good|warn)-/.test(name)).length;
  assert.ok(good >= 5 && broken >= 25, `${good} good, ${broken} broken`);
});

test("no expected problem shows a password", () => {
  for (const name of FILES) {
    const text = readFileSync(new URL(name.replace(/conf$/, "problems"), DIR), "utf8");
    assert.doesNotMatch(text, /SeCrEt|Hush/, name);
  }
});
