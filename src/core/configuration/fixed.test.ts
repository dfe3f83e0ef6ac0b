import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf, ledgerOf, victimOf } from "../testing.ts";
import { fixedProblems } from "./fixed.ts";

const BEFORE = configOf(3);
const MEMBERS = ledgerOf([1, 2]);

test("what may change: settings, votes, and nodes that are no members", () => {
  const nodes = BEFORE.nodes.slice(0, 2).map((node) => ({ ...node, methods: [] }));
  assert.deepEqual(fixedProblems(BEFORE, { ...BEFORE, version: 2, nodes }, MEMBERS), []);
});

test("what cannot: the name, two_node, and members' names and ids, each with a way out", () => {
  const [one, two, three] = BEFORE.nodes as [never, never, never];
  const changed = (nodes: readonly object[]): readonly string[] =>
    fixedProblems(BEFORE, { ...BEFORE, nodes: nodes as typeof BEFORE.nodes }, MEMBERS);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [fixedProblems(BEFORE, { ...BEFORE, name: "x" }, MEMBERS), /name cannot change.*stop the whole cluster/],
    [fixedProblems(BEFORE, { ...BEFORE, twoNode: true }, MEMBERS), /two_node cannot change/],
    [changed([one, three]), /n2 is a member and cannot be removed: let it leave first/],
    [changed([one, { ...(two as object), id: 7 }, three]), /the id of n2 cannot change.*2 became 7/],
    [changed([one, { ...(two as object), name: "x" }, three]), /the name of node 2 cannot change/],
  ];
  for (const [problems, words] of cases) {
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", words);
  }
});

test("a victim stays in the file until it is done: its devices are needed", () => {
  const ledger = ledgerOf([1, 2], { victims: [victimOf(3)] });
  assert.equal(fixedProblems(BEFORE, { ...BEFORE, nodes: BEFORE.nodes.slice(0, 2) }, ledger).length, 1);
});
