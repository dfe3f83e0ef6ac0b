/**
 * At the edge of a ring a message may be lost and one behind it delivered. A snapshot that comes without a part
 * of the lock table is behind such a hole: the daemon waits for the next view instead of ending itself. Found
 * by seed 24523.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, openNet } from "../net-harness.ts";

test("a snapshot behind a hole counts for nothing, and the next view brings everything", () => {
  const net = openNet(3);
  net.feed("1", {
    type: "locks",
    requests: [{ type: "lock", id: 1, lockspace: "ls", name: "r", mode: "EX", owner: "test" }],
  });
  net.run(1_000);
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.boot("3");
  net.reaches = (to, _from, body) => to !== "3" || body.type !== "lock-table";
  net.view(["1", "2", "3"], majorityOf(3));
  net.settle();
  assert.equal(net.node("3").state.ring?.phase, "snapshot");
  assert.equal(net.node("3").isHeard, true);
  net.reaches = () => true;
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(60_000);
  assert.equal(net.node("3").state.ledger.locks.count, 1);
  assert.deepEqual(net.open, ["1", "2", "3"]);
});
