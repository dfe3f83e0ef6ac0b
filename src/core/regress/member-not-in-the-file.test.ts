/**
 * The master's cluster.conf is an old one with three nodes. Epoch 9, on the disks of 2 and 3, has node 4
 * as a member; it is cut off and runs. The master looks around by its file, and 4 is not in it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net } from "../net-harness.ts";
import { configOf, epochOf } from "../testing.ts";

test("a member of the last epoch is looked for although the master's file does not name it", () => {
  const net = new Net(configOf(4, { version: 2, digest: "new" }));
  net.boot("1", { disk: epochOf(8, [1, 2, 3]), config: configOf(3, { digest: "old" }) });
  net.boot("2", { disk: epochOf(9, [2, 3, 4]) });
  net.boot("3", { disk: epochOf(9, [2, 3, 4]) });
  net.view(["1", "2", "3"], majorityOf(4));
  net.run(60_000);
  for (const key of ["1", "2", "3"]) assert.deepEqual(net.victims(key), [4]);
  assert.deepEqual(net.open, []);
});
