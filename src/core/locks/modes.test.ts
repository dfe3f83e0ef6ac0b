import assert from "node:assert/strict";
import { test } from "node:test";
import { common, compatible, covers, keepsWritersOut, MODES, writes } from "./modes.ts";

/** Source: the table in the VMS and DLM manuals, columns and rows NL CR CW PR PW EX. */
const TABLE = ["111111", "111110", "111000", "110100", "110000", "100000"];

test("modes: the compatibility matrix is the one of VMS and the DLM, in both directions", () => {
  for (const [row, a] of MODES.entries()) {
    for (const [column, b] of MODES.entries()) {
      assert.equal(compatible(a, b), TABLE[row]?.[column] === "1", `${a} ${b}`);
      assert.equal(compatible(a, b), compatible(b, a));
    }
  }
});

test("modes: what each mode covers", () => {
  const covered = Object.fromEntries(MODES.map((a) => [a, MODES.filter((b) => covers(a, b)).join(" ")]));
  assert.deepEqual(covered, {
    NL: "NL",
    CR: "NL CR",
    CW: "NL CR CW",
    PR: "NL CR PR",
    PW: "NL CR CW PR PW",
    EX: "NL CR CW PR PW EX",
  });
});

test("modes: what is left to whoever waits for a conversion", () => {
  assert.deepEqual([common("CW", "PR"), common("PR", "CW")], ["CR", "CR"]);
  for (const a of MODES) {
    for (const b of MODES) if (covers(b, a)) assert.deepEqual([common(a, b), common(b, a)], [a, a]);
  }
});

test("modes: who writes, and beside whom nobody does", () => {
  assert.deepEqual(MODES.filter(writes), ["PW", "EX"]);
  assert.deepEqual(MODES.filter(keepsWritersOut), ["CW", "PR", "PW", "EX"]);
});
