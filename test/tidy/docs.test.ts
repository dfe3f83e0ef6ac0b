import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRORS } from "../../src/core/errors.ts";
import {
  anchorsOf,
  assertedInvariants,
  deadLinks,
  deadMentions,
  decisionProblems,
  missingInvariants,
  numberingProblems,
  PAGE_LINES_MAX,
  termsOf,
  undocumentedErrors,
  unexplainedExits,
  unusedTerms,
} from "./docs.ts";
import { PROGRAM, readMatching, readRepositoryFile, repositoryFiles, SOURCES } from "./files.ts";
import { tooLong } from "./words.ts";

const DECISIONS = /^docs\/adr\/.*\.md$/;
const PAGES = /^(?:docs\/.*|[^/]+|packaging\/.*)\.md$/;

test("every error code is documented, with its exit code and HTTP status", () => {
  assert.deepEqual(undocumentedErrors(ERRORS, readRepositoryFile("docs/errors.md")), []);
});

test("every exit code is explained", () => {
  const exits = Object.values(ERRORS).map(({ exit }) => exit);
  assert.deepEqual(unexplainedExits(exits, readRepositoryFile("docs/errors.md")), []);
});

test("decisions have their five headings, are short and numbered", () => {
  const decisions = readMatching(DECISIONS);
  assert.deepEqual(numberingProblems([...decisions.keys()]), []);
  assert.deepEqual(
    [...decisions].flatMap(([file, text]) => decisionProblems(file, text)),
    [],
  );
});

test("no page is too long", () => assert.deepEqual(tooLong(readMatching(PAGES), PAGE_LINES_MAX), []));

test("relative links lead somewhere", () => {
  assert.deepEqual(deadLinks(readMatching(PAGES), repositoryFiles()), []);
});

test("pages that the code mentions are there", () => {
  assert.deepEqual(deadMentions(readMatching(SOURCES), repositoryFiles()), []);
});

test("the glossary's words stand in the code", () => {
  assert.deepEqual(unusedTerms(readRepositoryFile("docs/glossary.md"), readMatching(PROGRAM)), []);
});

test("asserted invariants are paragraphs of the protocol", () => {
  const asserted = assertedInvariants(readMatching(PROGRAM));
  assert.deepEqual(missingInvariants(asserted, readRepositoryFile("docs/protocol.md")), []);
});

test("an error that is not documented, or wrongly, is found", () => {
  const errors = { REQ_A: { exit: 2, status: 400 } };
  assert.deepEqual(undocumentedErrors(errors, "| `REQ_A` | 2 | 400 | what | do |"), []);
  assert.match(undocumentedErrors(errors, "REQ_A is 2").join(), /REQ_A has no complete row/);
  assert.match(undocumentedErrors(errors, "| `REQ_A` | 2 | 400 | what |  |").join(), /no complete row/);
  assert.match(undocumentedErrors(errors, "| `REQ_A` | 3 | 400 | what | do |").join(), /documented as 3 400/);
  const both = "| `REQ_A` | 2 | 400 | what | do |\n| `REQ_B` | 2 | 400 | what | do |";
  assert.match(undocumentedErrors(errors, both).join(), /REQ_B is documented, but does not exist/);
});

test("an exit code without explanation is found", () => {
  assert.deepEqual(unexplainedExits([0, 6, 6, 69], "| 0 | done |\n| 6 | bad |\n| 16 | no |"), [69]);
});

const DECISION = [
  "# 0001: Do it",
  ...["Status", "Context", "Decision", "Consequences", "Rejected"].map((name) => `## ${name}\n\nText.`),
].join("\n\n");

test("a decision that lacks something is found", () => {
  const problems = (text: string, file = "docs/adr/0001-do-it.md") => decisionProblems(file, text).join();
  assert.equal(problems(DECISION), "");
  assert.match(problems(DECISION, "docs/adr/do-it.md"), /not named/);
  assert.match(problems(DECISION, "docs/adr/0002-do-it.md"), /its number/);
  assert.match(problems(DECISION.replace("## Rejected", "## Alternatives")), /wanted: Status/);
  assert.match(problems(DECISION.replace("## Context\n\nText.", "## Context")), /empty section/);
  assert.match(problems(`${DECISION}${"\n.".repeat(60)}`), /more than 60 lines/);
  assert.deepEqual(numberingProblems(["docs/adr/0001-a.md", "docs/adr/0003-c.md"]), [
    "docs/adr/0003-c.md: the next number is 0002",
  ]);
});

test("dead links are found, code is not read as links", () => {
  const pages = new Map([
    ["README.md", "[a](docs/a.md) [b](docs/a.md#the-way-in) [c](#here) [d](docs) [e](https://x.y/)\n# Here"],
    ["docs/a.md", "# The *way* in\n[up](../README.md)\n```\n[x](nowhere.md)\n```\n`[y](nowhere.md)`"],
  ]);
  assert.deepEqual(deadLinks(pages, [...pages.keys()]), []);
  const dead = new Map([["README.md", "[a](gone.md) [b](README.md#gone) [c](#gone)"]]);
  assert.equal(deadLinks(dead, ["README.md"]).length, 3);
});

test("a mention of a page that does not exist is found", () => {
  const sources = new Map([["src/a.ts", "// docs/a.md, docs/b.md; see ADR 0001 and ADR 0002"]]);
  assert.deepEqual(deadMentions(sources, ["docs/a.md", "docs/adr/0001-do-it.md"]), [
    "src/a.ts mentions docs/b.md, which does not exist",
    "src/a.ts mentions docs/adr/0002, which does not exist",
  ]);
});

test("anchors are made as the renderers make them", () => {
  assert.deepEqual(
    [...anchorsOf("# 3. A view change\n## I1\n### What it `is`, exactly")],
    ["3-a-view-change", "i1", "what-it-is-exactly"],
  );
});

test("a word of the glossary that the code does not have is found", () => {
  const glossary =
    "| word | means | in code | not |\n|---|---|---|---|\n| node | it | `NodeId`, `src/ports` | host |";
  const sources = new Map([["src/ports/a.ts", "type NodeId = number;"]]);
  assert.deepEqual(termsOf(glossary), ["NodeId", "src/ports"]);
  assert.deepEqual(unusedTerms(glossary, sources), []);
  assert.deepEqual(unusedTerms(glossary, new Map([["src/a.ts", "type NodeIds = 1;"]])), [
    "NodeId",
    "src/ports",
  ]);
});

test("an invariant without a paragraph is found", () => {
  const sources = new Map([
    ["src/core/a.ts", 'assert(ok, "I3", "x"); assert(ok, "I11", "y"); why: "I9: differs"'],
  ]);
  assert.deepEqual(assertedInvariants(sources), ["I3", "I11", "I9"]);
  assert.deepEqual(missingInvariants(["I3", "I9", "I11"], "### I3\n\n### I9"), ["I11"]);
});
