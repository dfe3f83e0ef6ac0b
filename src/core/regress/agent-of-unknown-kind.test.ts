/**
 * The agent's metadata could not be read. It may be one that cuts a node off from a storage switch:
 * "on" would give the storage back to a node that still runs. Only an agent that is known to reboot, or
 * a file that says so, may switch on after the fencing.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net } from "../net-harness.ts";
import { configOf } from "../testing.ts";

function runsWithActions(actions: readonly string[]): readonly string[] {
  const traits = [{ agent: "fence_x", installed: true, actions, defaultAction: "reboot" }];
  const net = new Net(configOf(3));
  for (const key of ["1", "2", "3"]) net.boot(key, { traits });
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(10_000);
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.run(60_000);
  assert.deepEqual(net.open, ["1", "2"]);
  return net.node("1").agentRuns;
}

test("an agent of unknown kind switches off and never on", () => {
  const runs = runsWithActions([]);
  assert.ok(runs.includes("3 off"));
  assert.ok(!runs.includes("3 on"));
});

test("one that is known to reboot switches on again", () => {
  assert.ok(runsWithActions(["on", "off", "reboot", "status"]).includes("3 on"));
});
