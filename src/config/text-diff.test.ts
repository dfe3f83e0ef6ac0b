import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { redactText } from "./redact.ts";
import { textDiff } from "./text-diff.ts";

function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const text = (lines: readonly string[]) => lines.join("\n");
  return redactText(textDiff(text(before), text(after), { a: "a", b: "b" }))
    .split("\n")
    .slice(0, -1);
}

test("three lines around each difference; neighbours share one hunk", () => {
  const before = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
  const after = before.toSpliced(4, 1, "five", "and a half").toSpliced(24, 1);
  assert.deepEqual(differences(before, after), [
    "--- a",
    "+++ b",
    "@@ -2,7 +2,8 @@",
    " line 2",
    " line 3",
    " line 4",
    "-line 5",
    "+five",
    "+and a half",
    " line 6",
    " line 7",
    " line 8",
    "@@ -21,7 +22,6 @@",
    " line 21",
    " line 22",
    " line 23",
    "-line 24",
    " line 25",
    " line 26",
    " line 27",
  ]);
});

test("applied to the older text it gives the newer one", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      assert.deepEqual(patched(before, differences(before, after)), after);
    }),
  );
});

test("passwords are masked, whatever the quotes; the line counts as changed", () => {
  const text = differences(['<a passwd="one" login="x"/>'], ["<a passwd = 'two' login=\"x\"/>"]).join("\n");
  assert.doesNotMatch(text, /one|two/);
  assert.match(text, /^-<a passwd="\[secret\]" login="x"\/>$/m);
});

/** A small `patch`. */
function patched(before: readonly string[], diff: readonly string[]): readonly string[] {
  const result = [...before];
  let shift = 0;
  let at = 0;
  for (const line of diff.slice(2)) {
    const start = /^@@ -(\d+)/.exec(line)?.[1];
    if (start !== undefined) at = Number(start) - 1 + shift;
    else if (line.startsWith("+")) {
      result.splice(at++, 0, line.slice(1));
      shift += 1;
    } else {
      assert.equal(result[at], line.slice(1));
      if (line.startsWith("-")) {
        result.splice(at, 1);
        shift -= 1;
      } else at += 1;
    }
  }
  return result;
}
