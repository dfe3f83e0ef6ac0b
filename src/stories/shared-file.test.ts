import assert from "node:assert/strict";
import { test } from "node:test";
import { countWrites, findViolations, formatLine, parseLines, type SharedLine } from "./shared-file.ts";

type Step = readonly [nodeId: number, epoch: number, members: readonly number[], what?: "hold"];

function file(...steps: readonly Step[]): string {
  return steps.map((step, index) => formatLine(line(step, index + 1))).join("");
}

function line([nodeId, epoch, members, what]: Step, mark: number): SharedLine {
  return { mark, nodeId, node: `tpve0${nodeId}`, boot: "b", epoch, members, sequence: what ?? mark };
}

test("a line reads back as it was written, and an unfinished one is left out", () => {
  const one = line([2, 7, [1, 2, 3]], 4);
  assert.deepEqual(parseLines(`${formatLine(one)}12.0 1 tpve`), [one]);
  assert.throws(() => parseLines("what is this\n"), /no workload wrote/);
});

test("writes are counted per node, from a mark on, without the holds", () => {
  const text = file([1, 1, [1, 2]], [2, 1, [1, 2]], [1, 1, [1, 2]], [1, 1, [1, 2], "hold"]);
  assert.equal(countWrites(text, "tpve01", 2), 1);
  assert.equal(countWrites(text, "tpve01", 4), 0);
});

test("members of one epoch and of the next may overlap while a node joins", () => {
  assert.deepEqual(findViolations(file([1, 1, [1]], [1, 2, [1, 2]], [2, 2, [1, 2]], [1, 1, [1]])), []);
});

test("a node that was left behind writes too late: one problem", () => {
  const text = file([2, 1, [1, 2]], [1, 1, [1, 2]], [1, 2, [1]], [2, 1, [1, 2]], [2, 1, [1, 2]]);
  assert.equal(findViolations(text).length, 1);
  assert.match(findViolations(text).join(), /tpve02 wrote under epoch 1 after tpve01 had .* epoch 2/);
});

test("a node that came back under a newer epoch is welcome, also when another one is late", () => {
  assert.deepEqual(
    findViolations(file([2, 1, [1, 2]], [1, 2, [1]], [2, 3, [1, 2]], [1, 2, [1]], [2, 3, [1, 2]])),
    [],
  );
});

test("two sides of a split that both go on are caught", () => {
  assert.equal(findViolations(file([1, 1, [1, 2]], [1, 2, [1]], [2, 2, [2]])).length, 1);
});

test("a gate that closed opens with a newer epoch only", () => {
  const held: Step[] = [
    [1, 1, [1]],
    [1, 1, [1], "hold"],
  ];
  assert.deepEqual(findViolations(file(...held, [1, 2, [1]])), []);
  assert.match(findViolations(file(...held, [1, 1, [1]])).join(), /tpve01 stopped under epoch 1/);
});
