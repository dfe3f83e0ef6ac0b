/**
 * Node 2 left in order at epoch 3, came back, and is a member of epoch 5 with 1. Then 1 loses its state
 * directory (a damaged journal is put aside, a node is installed anew), and starts with 3, whose disk is
 * of epoch 3. What 1 has forgotten is no reason to believe that 2 is still away.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net } from "../net-harness.ts";
import { configOf, epochOf } from "../testing.ts";
import { silent } from "./net-node.ts";

const OLD = epochOf(3, [1, 3], { departed: [{ node: 2, epoch: 3 }] });

test("a disk that knows nothing does not confirm what another one says", () => {
  const net = new Net(configOf(3));
  net.boot("1");
  net.boot("3", { disk: OLD });
  net.agent = silent;
  net.view(["1", "3"], majorityOf(3));
  net.run(60_000);
  for (const key of ["1", "3"]) assert.deepEqual(net.victims(key), [2]);
  assert.deepEqual(net.open, []);
});

test("most disks that remember are believed, whatever a new one knows", () => {
  const net = new Net(configOf(4));
  const disk = epochOf(3, [1, 3, 4], { departed: [{ node: 2, epoch: 3 }] });
  for (const key of ["1", "3", "4"]) net.boot(key, { disk });
  net.agent = silent;
  net.view(["1", "3", "4"], majorityOf(4));
  net.run(60_000);
  for (const key of ["1", "3", "4"]) assert.deepEqual(net.victims(key), []);
  assert.deepEqual(net.open, ["1", "3", "4"]);
});
