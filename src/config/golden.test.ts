/**
 * Every file in test/golden/config with everything that is wrong with it. To accept a change, run this
 * with CONFIG_GOLDEN_REWRITE=1, then read the difference: each changed line is a message that people see.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { type AgentFacts, type FileFacts, type NodeFacts, questionsOf } from "./facts.ts";
import { configOf, type ParsedConfig } from "./model.ts";
import { formatProblem } from "./problem.ts";
import { readTree } from "./tree.ts";
import type { Element } from "./xml.ts";

const DIR = new URL("../../test/golden/config/", import.meta.url);
const REWRITE = process.env["CONFIG_GOLDEN_REWRITE"] === "1";
const FILES = readdirSync(DIR).filter((name) => name.endsWith(".conf"));

/** What Debian's agents say of themselves, and some that say something else. */
const AGENTS = new Map(
  Object.entries(JSON.parse(readFileSync(new URL("agents.json", DIR), "utf8")) as Record<string, AgentFacts>),
);

/** The node on which they are checked: its folders say what is in them. */
function factsFor(root: Element | undefined): NodeFacts {
  const files = questionsOf(root).files.map((path): [string, FileFacts] => {
    if (path.startsWith("/nowhere/")) return [path, "missing"];
    if (path.startsWith("/plain/")) return [path, "readable"];
    return [path, path === "/folder" ? "not-a-file" : "executable"];
  });
  return { agents: AGENTS, files: new Map(files) };
}

function checked(name: string): ParsedConfig {
  const tree = readTree(readFileSync(new URL(name, DIR)));
  return configOf(tree, { facts: factsFor(tree.root) });
}

const isRight = (name: string): boolean => /^(?:good|warn)-/.test(name);
const isWrong = (name: string): boolean => name.startsWith("wrong-");

for (const name of FILES) {
  test(name, () => {
    const parsed = checked(name);
    const actual = parsed.problems.map((problem) => `${formatProblem(problem, name)}\n`).join("");
    const expectedFile = new URL(name.replace(/conf$/, "problems"), DIR);
    if (REWRITE) writeFileSync(expectedFile, actual);
    assert.equal(actual, readFileSync(expectedFile, "utf8"));
    assert.equal(parsed.parameters === undefined, parsed.config === undefined);
    // Of the wrong ones a few may get through with a warning: counted below.
    if (!isWrong(name)) assert.equal(parsed.config !== undefined, isRight(name), actual);
    if (name.startsWith("warn-")) assert.match(actual, /: warning: /);
  });
}

test("there are 200, and of each kind enough", () => {
  const count = (test: (name: string) => boolean): number => FILES.filter(test).length;
  assert.ok(FILES.length >= 200, `${FILES.length}`);
  assert.ok(
    count(isWrong) >= 100 && count(isRight) >= 50,
    `${count(isWrong)} wrong, ${count(isRight)} right`,
  );
});

test("of those that would not do what they are there for 95 % are stopped, of the right ones none", () => {
  const wrong = FILES.filter(isWrong);
  const passed = wrong.filter((name) => checked(name).config !== undefined);
  assert.ok(passed.length <= wrong.length * 0.05, passed.join(", "));
  assert.deepEqual(
    FILES.filter(isRight).filter((name) => checked(name).config === undefined),
    [],
  );
});

test("no expected problem shows a password", () => {
  for (const name of FILES) {
    const text = readFileSync(new URL(name.replace(/conf$/, "problems"), DIR), "utf8");
    assert.doesNotMatch(text, /SeCrEt|Hush/, name);
  }
});
