import assert from "node:assert/strict";
import { test } from "node:test";
import { currentText, mutatedFiles, readMutatedFiles } from "./config-mutations.ts";

test("the files in test/golden/config are what the list makes of the examples", () => {
  const stale = readMutatedFiles().filter(({ name, text }) => currentText(name) !== text);
  assert.deepEqual(
    stale.map(({ name }) => name),
    [],
  );
});

test("an exchange takes the first, the second or all of them, and never none", () => {
  const made = (edit: string) => mutatedFiles(`good x < b\n${edit}`, () => "a b a b")[0]?.text;
  assert.equal(made("-a\n+c"), "c b a b");
  assert.equal(made("-2:a\n+c"), "a b c b");
  assert.equal(made("-*:a\n+c"), "c b c b");
  assert.equal(made("- b\n+"), "a a b");
  assert.equal(made("-a b\n+\\n"), "\n a b");
  assert.throws(() => made("-c\n+d"), /x: no c/);
  assert.throws(() => made("-3:a\n+d"), /no a/);
  assert.throws(() => made("-a"), /pairs/);
  assert.throws(() => mutatedFiles("bad x < b\n-a\n+b", () => "a"), /not a head/);
});
