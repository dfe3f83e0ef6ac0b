import assert from "node:assert/strict";
import { test } from "node:test";
import { PROGRAM, readMatching, SOURCES } from "./files.ts";
import { impurities, LINES_MAX, LINES_MEDIAN_MAX, leftovers, lineCount, median, tooLong } from "./words.ts";

const PURE_CODE = /^src\/(?:core|codec|sim)\/.*(?<!\.test)\.ts$/;

function file(text: string): Map<string, string> {
  return new Map([["src/core/a.ts", text]]);
}

test("no file of src is too long", () => {
  assert.deepEqual(tooLong(readMatching(SOURCES), LINES_MAX), []);
});

test("files of src are short in the median", () => {
  const lines = [...readMatching(PROGRAM).values()].map(lineCount);
  assert.ok(median(lines) <= LINES_MEDIAN_MAX, `the median is ${median(lines)} lines`);
});

test("nothing in src is marked as unfinished", () => assert.deepEqual(leftovers(readMatching(SOURCES)), []));

test("pure folders name no clock, chance, promise or outside world", () => {
  assert.deepEqual(impurities(readMatching(PURE_CODE)), []);
});

test("a file that is too long is found", () => {
  assert.deepEqual(tooLong(file("x\n".repeat(400)), 400), []);
  assert.deepEqual(tooLong(file("x\n".repeat(401)), 400), [
    "src/core/a.ts has 401 lines, at most 400 are allowed",
  ]);
});

test("the median", () => {
  assert.equal(median([]), 0);
  assert.equal(median([5, 1, 9]), 5);
  assert.equal(median([1, 9, 2, 4]), 3);
});

test("marks of unfinished work are found, in comments too", () => {
  for (const mark of ["// TODO later", "const FIXME = 1;", "/* XXX */"]) {
    assert.equal(leftovers(file(mark)).length, 1, mark);
  }
  assert.deepEqual(leftovers(file("const mastodon = 1; // Todos los nodos")), []);
});

test("each impurity is found", () => {
  const impure = [
    "const now = Date.now();",
    "const now = new Date();",
    "const now = new Date;",
    "const now = Date();",
    "const dice = Math.random();",
    "setTimeout(f, 1);",
    "setInterval(f, 1);",
    "queueMicrotask(f);",
    'console.log("x");',
    "const p: Promise<void> = f();",
    "async function f() {}",
    "await f();",
    "process.exit(1);",
    "performance.now();",
    "globalThis.x = 1;",
    "crypto.randomUUID();",
    'a.localeCompare("b");',
    "const text = `${Date.now()}`;",
  ];
  for (const line of impure) assert.equal(impurities(file(line)).length, 1, line);
});

test("words that only look alike are left in peace", () => {
  const pure = [
    'const text = "Date.now() and console";',
    "// a Promise, setTimeout",
    "const at = new Date(wall).toISOString();",
    "const x = { process: member };",
    "const y = member.process; f(process.nodeId);",
    "const asynchronous = awaited;",
  ];
  for (const line of pure) assert.deepEqual(impurities(file(line)), [], line);
});
