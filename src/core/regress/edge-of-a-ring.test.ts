/**
 * The link of node 1 broke before anybody noticed. What node 3 sent to join, and the epoch with it in,
 * reached 2 and 3 only; the last "persisted" reached 3 alone, which opened its gate. Then each was
 * alone, and 1 and 2 found one another: by 1's ledger 3 was never a member, by 2's disk it was.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net, NO_QUORUM } from "../net-harness.ts";
import { silent } from "./net-node.ts";

test("who was let in where only a part of the ring could hear it is not forgotten", () => {
  const net = new Net();
  net.boot("1", { join: false });
  net.boot("2");
  net.boot("3", { join: false });
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(10_000);
  net.ask("1", "join-1", { type: "join" });
  net.run(1_000);
  assert.deepEqual(net.open, ["1", "2"]);

  net.reaches = (to, from, body) => to !== "1" && !(to === "2" && from === "3" && body.type === "persisted");
  net.ask("3", "join-3", { type: "join" });
  net.run(100);
  assert.ok(net.node("3").isGateOpen);
  net.feed("3", { type: "guard", inUse: ["vg0/vm-100"] });

  net.reaches = () => true;
  net.agent = silent;
  for (const key of ["1", "2", "3"]) net.view([key], NO_QUORUM);
  net.run(100);
  net.view(["1", "2"], majorityOf(3));
  net.run(60_000);
  assert.deepEqual(net.victims("1"), [3]);
  assert.deepEqual(net.victims("2"), [3]);
  assert.deepEqual(net.open, []);
});
