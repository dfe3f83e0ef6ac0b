/**
 * Nodes 1 and 2 start with disks of epoch 5, which says that 4 left in order. They look around without
 * a quorum. Then 3 starts, whose disk is of epoch 7: 4 came back and is a member. What 4 did at epoch 4
 * must not excuse it now, whoever started first.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net, NO_QUORUM } from "../net-harness.ts";
import { configOf, epochOf } from "../testing.ts";
import { silent } from "./net-node.ts";

const OLD = epochOf(5, [1, 2, 3, 5], { departed: [{ node: 4, epoch: 4 }] });
const NEW = epochOf(7, [3, 4, 5]);

function bootAll(): Net {
  const net = new Net(configOf(5));
  net.boot("1", { disk: OLD });
  net.boot("2", { disk: OLD });
  net.boot("3", { disk: NEW });
  net.agent = silent;
  return net;
}

test("the newest disk counts although stale ones started first", () => {
  const net = bootAll();
  net.view(["1", "2"], NO_QUORUM);
  net.run(1_000);
  net.view(["1", "2", "3"], majorityOf(5));
  net.run(60_000);
  for (const key of ["1", "2", "3"]) assert.deepEqual(net.victims(key), [4, 5]);
  assert.deepEqual(net.open, []);
});

test("the same when all three meet at once", () => {
  const net = bootAll();
  net.view(["1", "2", "3"], majorityOf(5));
  net.run(60_000);
  for (const key of ["1", "2", "3"]) assert.deepEqual(net.victims(key), [4, 5]);
  assert.deepEqual(net.open, []);
});

test("those who looked around with stale disks look around again when a newer one comes", () => {
  const net = new Net(configOf(5));
  for (const key of ["1", "2", "5"]) net.boot(key, { disk: OLD });
  net.boot("3", { disk: NEW });
  net.agent = silent;
  net.view(["1", "2", "5"], NO_QUORUM);
  net.run(1_000);
  assert.deepEqual(net.victims("1"), [3]); // More than half of the disks say that 4 has left.
  net.view(["1", "2", "3", "5"], majorityOf(5));
  net.run(60_000);
  for (const key of ["1", "2", "3", "5"]) assert.deepEqual(net.victims(key), [4]);
  assert.deepEqual(net.open, []);
});
