/** The list of rules is the core's: what it logs, and nothing else. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { EXPLAINED, LOG_CODES, RULES } from "../../src/sim/rules.ts";

const CORE = new URL("../../src/core/", import.meta.url).pathname;
const source = globSync("**/*.ts", { cwd: CORE })
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => readFileSync(CORE + file, "utf8"))
  .join("\n");

test("every code of the list is written somewhere in the core", () => {
  const missing = LOG_CODES.filter(
    (code) => !source.includes(`"${code}"`) && !source.includes(`\`${code.split("-")[0]}-$`),
  );
  assert.deepEqual(missing, []);
});

test("whatever a hunt need not reach is a rule, has a reason, and is shown by a test of the core", () => {
  const tests = globSync("**/*.test.ts", { cwd: CORE })
    .map((file) => readFileSync(CORE + file, "utf8"))
    .join("\n");
  for (const [rule, reason] of Object.entries(EXPLAINED)) {
    assert.ok(RULES.includes(rule), `${rule} is no rule`);
    assert.ok(reason.length > 40, `${rule} has no reason`);
    assert.ok(tests.includes(rule), `no test of the core speaks of ${rule}`);
  }
});
