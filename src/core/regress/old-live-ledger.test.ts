/**
 * Node 3 left the domain while its daemon went on, so its ledger stayed at epoch 2. Node 4 joined under
 * epoch 3. Then 1 and 2 lost power and 4 lost the network, its volumes in use. When 1 and 2 came back
 * and met 3, the only live ledger was 3's, which had never heard of 4; the disks of 1 and 2 had.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net, NO_QUORUM } from "../net-harness.ts";
import { configOf } from "../testing.ts";
import { silent } from "./net-node.ts";

test("an old live ledger does not forget a member that a newer epoch on disk names", () => {
  const net = new Net(configOf(4));
  for (const key of ["1", "2", "3"]) net.boot(key);
  net.view(["1", "2", "3"], majorityOf(4));
  net.run(60_000);
  net.ask("3", "leave", { type: "leave" });
  net.run(1_000);
  net.boot("4");
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2", "4"], majorityOf(4));
  net.run(20_000);
  assert.deepEqual(net.open, ["1", "2", "4"]);

  net.feed("4", { type: "guard", inUse: ["vg0/vm-100"] });
  net.kill("1");
  net.kill("2");
  net.view(["4"], NO_QUORUM);
  net.boot("1");
  net.boot("2");
  net.agent = silent;
  net.view(["1", "2", "3"], majorityOf(4));
  net.run(60_000);
  for (const key of ["1", "2", "3"]) assert.deepEqual(net.victims(key), [4]);
  assert.deepEqual(net.open, []);
});
