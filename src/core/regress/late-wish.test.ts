/**
 * A person asks that node 3 be fenced, which has just failed. Before the wish can be delivered, 3 has
 * rebooted and is back in the view. The wish was about the run that failed; the new one is healthy.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, openNet } from "../net-harness.ts";

test("a wish to fence does not hit the boot that came after it", () => {
  const net = openNet(3);
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.ask("1", "wish", { type: "fence", node: 3, by: "root" });
  net.boot("3", { run: "rebooted" });
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(2_000);
  assert.deepEqual(net.node("1").agentRuns, []);
  assert.deepEqual(net.node("2").agentRuns, []);
  assert.deepEqual(net.open, ["1", "2", "3"]);
  const result = { type: "fenced", outcome: "failed", steps: [] };
  assert.deepEqual(net.node("1").replies.get("wish"), { ok: true, result });
});
