import assert from "node:assert/strict";
import { test } from "node:test";
import { treeMove, visibleOf } from "./tree-keys.ts";

/** 0 ─ 1 ─ 2, 3; 4 ─ 5 */
const ITEMS = [
  { key: 0, depth: 0, hasChildren: true },
  { key: 1, depth: 1, hasChildren: true },
  { key: 2, depth: 2, hasChildren: false },
  { key: 3, depth: 2, hasChildren: false },
  { key: 4, depth: 1, hasChildren: true },
  { key: 5, depth: 2, hasChildren: false },
];
const NONE = new Set<number>();

test("what is below something folded is not shown", () => {
  const keys = (folded: readonly number[]) => visibleOf(ITEMS, new Set(folded)).map(({ key }) => key);
  assert.deepEqual(keys([]), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(keys([1]), [0, 1, 4, 5]);
  assert.deepEqual(keys([0, 1]), [0]);
  assert.deepEqual(keys([4]), [0, 1, 2, 3, 4]);
});

test("keys move, fold, and stay at the ends", () => {
  const cases: [key: string, here: number, to: unknown][] = [
    ["ArrowDown", 1, { type: "go", to: 2 }],
    ["ArrowDown", 5, { type: "stay" }],
    ["ArrowUp", 0, { type: "stay" }],
    ["ArrowUp", 4, { type: "go", to: 3 }],
    ["Home", 5, { type: "go", to: 0 }],
    ["End", 0, { type: "go", to: 5 }],
    ["ArrowRight", 1, { type: "go", to: 2 }],
    ["ArrowRight", 2, { type: "stay" }],
    ["ArrowLeft", 3, { type: "go", to: 1 }],
    ["ArrowLeft", 1, { type: "fold", key: 1 }],
    ["Enter", 3, { type: "go", to: 3 }],
    ["x", 3, undefined],
    ["Tab", 3, undefined],
  ];
  for (const [key, here, to] of cases)
    assert.deepEqual(treeMove(key, ITEMS, here, NONE), to, `${key} ${here}`);
  const folded = new Set([1]);
  const shown = visibleOf(ITEMS, folded);
  assert.deepEqual(treeMove("ArrowRight", shown, 1, folded), { type: "unfold", key: 1 });
  assert.deepEqual(treeMove("ArrowLeft", shown, 1, folded), { type: "go", to: 0 });
  assert.equal(treeMove("ArrowDown", shown, 99, folded), undefined);
});
