import assert from "node:assert/strict";
import { test } from "node:test";
import type { Grade } from "../config.ts";
import { anySuffices, saysOff, suffices } from "./evidence.ts";

test("all grades against all demands", () => {
  const accepted: Readonly<Record<string, string>> = { A: "A H", B: "A B H", C: "A B C H", D: "A B C D H" };
  for (const demand of ["A", "B", "C", "D"] as const) {
    const grades = (["A", "B", "C", "D", "H"] as const).filter((grade: Grade) => suffices(grade, demand));
    assert.equal(grades.join(" "), accepted[demand]);
  }
});

test("no evidence suffices for nothing; one good piece among bad ones does", () => {
  const piece = (grade: Grade) => ({ grade, source: "", at: 0, by: 1 });
  assert.equal(anySuffices([], "D"), false);
  assert.equal(anySuffices([piece("D"), piece("D")], "C"), false);
  assert.equal(anySuffices([piece("D"), piece("B")], "C"), true);
});

test("only words about power are refuted by whoever speaks", () => {
  const of = (grade: Grade) => ({ grade, source: "", at: 0, by: 1 });
  assert.deepEqual(
    (["A", "B", "C", "D", "H"] as const).filter((grade) => saysOff(of(grade))),
    ["A", "C", "D"],
  );
});
