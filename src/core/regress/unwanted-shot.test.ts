/**
 * The agent that switches node 3 off is still at work when node 3 comes back clean. The run is named as unwanted,
 * so that it can be called off before its order is sent (I5); as nobody knows whether it was sent, the machine is
 * switched on afterwards.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { unwantedRuns } from "../fencing/unwanted.ts";
import { majorityOf } from "../net-harness.ts";
import { offThatHangs } from "./off-that-hangs.ts";

test("a shot is unwanted from the clean return of its victim on, and not before", () => {
  const { net, executor, opId } = offThatHangs();
  assert.deepEqual(unwantedRuns(net.node(executor).state), []);
  net.boot("3");
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(5_000);
  assert.deepEqual(unwantedRuns(net.node(executor).state), [opId]);
});

test("one that was called off may have been sent: the machine is switched on; one that failed was not", () => {
  for (const [result, expected] of [
    ["timeout", ["3 off", "3 on"]],
    ["failed", ["3 off"]],
  ] as const) {
    const { net, runs, executor, opId } = offThatHangs();
    net.boot("3");
    net.view(["1", "2", "3"], majorityOf(3));
    net.run(5_000);
    net.feed(executor, { type: "agent-exit", opId, result, detail: "called off", tookMs: 1_000 });
    net.run(120_000);
    assert.deepEqual(runs, expected, result);
    assert.deepEqual(unwantedRuns(net.node(executor).state), []);
    assert.deepEqual(net.open, ["1", "2", "3"]);
  }
});
