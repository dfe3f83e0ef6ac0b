import assert from "node:assert/strict";
import { test } from "node:test";
import { EPOCH_NONE } from "../ledger.ts";
import { epochOf, helloOf, ledgerOf, victimOf } from "../testing.ts";
import { newestEpoch, withDurable } from "./cold.ts";

const nodes = (items: readonly { readonly node: number }[]): readonly number[] =>
  items.map((item) => item.node);

test("no disk knows anything", () => {
  assert.deepEqual(newestEpoch([]), EPOCH_NONE);
  assert.deepEqual(newestEpoch([EPOCH_NONE, EPOCH_NONE]), EPOCH_NONE);
});

test("the newest record counts, whatever the order", () => {
  const records = [epochOf(2, [1, 2, 3]), epochOf(4, [1, 3]), epochOf(3, [2])];
  for (const order of [records, [...records].reverse()]) {
    assert.equal(newestEpoch(order).n, 4);
    assert.deepEqual(nodes(newestEpoch(order).members), [1, 3]);
  }
});

test("two proposals with one number: members of either may live; who left needs both to say so", () => {
  const left = (node: number) => [{ node, epoch: 1 }];
  const a = epochOf(3, [1, 2], { proposer: 1, departed: [...left(4), ...left(5)] });
  const b = epochOf(3, [2, 3], { proposer: 2, departed: left(5) });
  const newest = newestEpoch([a, b]);
  assert.deepEqual(nodes(newest.members), [1, 2, 3]);
  assert.deepEqual(nodes(newest.departed), [5]);
});

test("whoever left while the newest epoch was in force is known to those who stayed longer", () => {
  const early = epochOf(3, [1, 2, 3]);
  const late = epochOf(3, [1, 2, 3], { departed: [{ node: 2, epoch: 3 }] });
  assert.deepEqual(nodes(newestEpoch([early, late]).departed), [2]);
  assert.deepEqual(nodes(newestEpoch([early, late]).members), [1, 3]);
});

test("a departure older than the newest epoch says nothing about who came back since", () => {
  const old = epochOf(2, [1, 3], { departed: [{ node: 2, epoch: 1 }] });
  const newest = newestEpoch([old, epochOf(4, [1, 2, 3])]);
  assert.deepEqual(nodes(newest.departed), []);
  assert.deepEqual(nodes(newest.members), [1, 2, 3]);
});

test("a disk that knows better clears a startup victim, but none that was shot at", () => {
  const epoch = epochOf(7, [1], {
    departed: [
      { node: 2, epoch: 7 },
      { node: 3, epoch: 7 },
    ],
  });
  const hellos = new Map([["1/1", helloOf(1, { durable: epoch })]]);
  const cause = "unknown since start" as const;
  const base = ledgerOf([1], {
    established: false,
    epoch: EPOCH_NONE,
    victims: [victimOf(2, { cause }), victimOf(3, { cause, begun: true }), victimOf(4, { cause })],
  });
  assert.deepEqual(nodes(withDurable(base, hellos).victims), [3, 4]);
  assert.equal(withDurable(base, hellos).epoch.n, 7);
  const established = ledgerOf([1], { victims: [victimOf(2, { cause })] });
  assert.equal(withDurable(established, hellos), established);
});
