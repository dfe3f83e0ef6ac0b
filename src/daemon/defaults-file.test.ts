import assert from "node:assert/strict";
import { test } from "node:test";
import { wantsJoin } from "./defaults-file.ts";

test("FENCE_JOIN as the shell of the old init script would see it", () => {
  const table: [string, boolean | undefined][] = [
    ["", undefined],
    ['# FENCE_JOIN="yes"', undefined],
    ['FENCE_JOIN="yes"', true],
    ["FENCE_JOIN=yes", true],
    ["  export FENCE_JOIN='yes'  # since the upgrade", true],
    ['FENCE_JOIN="no"', false],
    ["FENCE_JOIN=no;", false],
    ['FENCE_JOIN=""', false],
    ["FENCE_JOIN=", false],
    // Only the exact word disables.
    ['FENCE_JOIN="No"', true],
    ['FENCE_JOIN="0"', true],
    // The last one wins.
    ["FENCE_JOIN=yes\nFENCE_JOIN=no", false],
    ["FENCE_JOIN=no\r\nFENCE_JOIN=yes\r\n", true],
    ["XFENCE_JOIN=yes", undefined],
    ["FENCE_JOIN = yes", undefined],
    ["FENCE_JOIN_TIMEOUT=20", undefined],
  ];
  for (const [text, expected] of table) assert.equal(wantsJoin(text), expected, JSON.stringify(text));
});
