/**
 * Node 3 was cut off and came back; a leave was asked for before the cluster told it that it had moved
 * on and demands proof. Its membership ended by that, not by the goodbye; it once stayed "leaving" for
 * ever and could not come back.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FENCE_DAEMON_DEFAULTS } from "../config.ts";
import { majorityOf, NO_QUORUM, openNet } from "../net-harness.ts";
import { silent } from "./net-node.ts";

test("a leave that the cluster forestalled is over, and the node may join again", () => {
  const net = openNet(3, { fenceDaemon: { ...FENCE_DAEMON_DEFAULTS, evidence: "A" } });
  net.agent = silent;
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.settle();
  net.view(["1", "2", "3"], majorityOf(3));
  net.ask("3", "leave", { type: "leave" });
  net.settle();
  assert.equal(net.node("3").state.leaving, false);
  assert.deepEqual(net.node("3").replies.get("leave"), { ok: true, result: { type: "left" } });

  net.ask("1", "word", { type: "ack", node: 3, by: "root", statement: "was off", contradict: "it was" });
  net.run(60_000);
  assert.deepEqual(net.open, ["1", "2"]);
  net.ask("3", "join", { type: "join" });
  net.run(60_000);
  assert.deepEqual(net.open, ["1", "2", "3"]);
});
