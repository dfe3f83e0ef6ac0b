import assert from "node:assert/strict";
import { test } from "node:test";
import { PROGRAM, readMatching, SOURCES } from "./files.ts";
import { barrels, cycles, defaultExports, idleExceptions, lawBreaches, type Sources } from "./imports.ts";

function sources(files: Record<string, string>): Sources {
  return new Map(Object.entries(files));
}

test("who imports whom follows the law", () => {
  assert.deepEqual(lawBreaches(readMatching(SOURCES)), []);
});

test("no cycles", () => assert.deepEqual(cycles(readMatching(SOURCES)), []));

test("no barrels", () => assert.deepEqual(barrels(readMatching(SOURCES)), []));

test("no default exports", () => assert.deepEqual(defaultExports(readMatching(SOURCES)), []));

test("every exception from the law is still needed", () => {
  assert.deepEqual(idleExceptions(readMatching(PROGRAM)), []);
});

test("a breach of the law is found", () => {
  const breaches: [string, string, RegExp][] = [
    ["src/core/a.ts", 'import "node:fs";', /core is pure/],
    ["src/core/a.ts", 'import { z } from "zod";', /package zod/],
    ["src/core/a.ts", 'import type { X } from "../ports/x.ts";', /core may not import ports/],
    ["src/core/domain/a.ts", 'import { x } from "../../api/x.ts";', /core may not import api/],
    ["src/adapters/http/a.ts", 'import { x } from "../../daemon/x.ts";', /adapters may not import daemon/],
    ["src/cli/status.ts", 'import { x } from "../adapters/http/x.ts";', /cli may not import adapters/],
    ["src/sim/a.ts", 'const x = await import("../adapters/x.ts");', /sim may not import adapters/],
    ["src/api/a.ts", 'import { x } from "@scope/name/deep";', /package @scope\/name$/],
    ["src/lab/a.ts", "await import(name);", /computed/],
    ["src/lab/a.ts", 'import { x } from "../../test/x.ts";', /outside src/],
    ["src/lab/a.ts", 'import { x } from "./x.js";', /with its \.ts/],
    ["src/novel/a.ts", 'import { x } from "../core/x.ts";', /does not know/],
    ["src/core/a.test.ts", 'import { x } from "../adapters/x.ts";', /core may not import adapters/],
  ];
  for (const [file, source, complaint] of breaches) {
    const [found, ...others] = lawBreaches(sources({ [file]: source }));
    assert.match(found ?? "nothing found", complaint, `${file}: ${source}`);
    assert.deepEqual(others, []);
  }
});

test("what the law allows is not complained about", () => {
  const file = sources({
    "src/codec/a.ts": 'import { z } from "zod"; import type { Message } from "../core/messages.ts";',
    "src/core/a.test.ts": 'import { test } from "node:test"; import { x } from "../codec/message.ts";',
    "src/cli/main.ts": 'import { x } from "../adapters/http/x.ts";',
    "src/demo/a.ts": 'import { x } from "../cli/x.ts"; import pino from "pino"; import "node:fs";',
  });
  assert.deepEqual(lawBreaches(file), []);
});

test("an exception without use is found", () => {
  assert.ok(idleExceptions(sources({ "src/cli/main.ts": "" })).length > 0);
});

test("a cycle is found, also through types and over three files", () => {
  const ring = sources({
    "src/core/a.ts": 'import { b } from "./b.ts";',
    "src/core/b.ts": 'import type { C } from "./deep/c.ts";',
    "src/core/deep/c.ts": 'import { a } from "../a.ts";',
    "src/core/d.ts": 'import { a } from "./a.ts";',
  });
  assert.deepEqual(cycles(ring), ["src/core/a.ts -> src/core/b.ts -> src/core/deep/c.ts -> src/core/a.ts"]);
  const diamond = sources({
    "src/core/a.ts": 'import "./b.ts"; import "./c.ts";',
    "src/core/b.ts": 'import "./d.ts";',
    "src/core/c.ts": 'import "./d.ts";',
    "src/core/d.ts": "",
  });
  assert.deepEqual(cycles(diamond), []);
});

test("barrels and default exports are found", () => {
  assert.equal(barrels(sources({ "src/core/index.ts": "" })).length, 1);
  assert.equal(barrels(sources({ "src/core/all.ts": 'export * from "./a.ts";' })).length, 1);
  assert.equal(barrels(sources({ "src/core/a.ts": "export const a = 1;" })).length, 0);
  assert.equal(defaultExports(sources({ "src/core/a.ts": "export default 1;" })).length, 1);
  assert.equal(defaultExports(sources({ "src/core/a.ts": "export { a as default };" })).length, 1);
  assert.equal(defaultExports(sources({ "src/core/a.ts": 'const a = "export default 1";' })).length, 0);
});
