/**
 * Node 3 hung with an open gate, the shots at it failed, and it goes on. Of its own loss it hears only in the
 * view that it is back in. What its guards said before, nothing in use, is older than its open gate.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, type Net, openNet } from "../net-harness.ts";
import { obedient, silent } from "./net-node.ts";

function returnOfThree(): Net {
  const net = openNet(3);
  const three = net.node("3");
  net.agent = silent;
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  assert.deepEqual(net.victims("1"), [3]);
  assert.ok(three.isGateOpen, "it has heard of nothing");
  assert.deepEqual(three.state.inUse, []);
  three.isGuardHung = true;
  net.agent = obedient;
  net.view(["1", "2", "3"], majorityOf(3));
  return net;
}

test("it is not clean before its guards were asked anew", () => {
  const net = returnOfThree();
  net.run(1_000);
  assert.ok(!net.node("3").isGateOpen);
  assert.deepEqual(net.victims("1"), [3]);
  assert.deepEqual(net.open, []);
});

test("what was begun meanwhile makes it a victim that is switched off", () => {
  const net = returnOfThree();
  net.feed("3", { type: "guard", inUse: ["vg0/vm-100"] });
  net.run(40_000);
  const shots = ["1", "2"].flatMap((key) => net.node(key).agentRuns).filter((run) => run === "3 off");
  assert.ok(shots.length > 1, "it was let in with what it uses");
});

test("nothing in use: it is let in, and nobody is shot", () => {
  const net = returnOfThree();
  const shots = () => ["1", "2"].flatMap((key) => net.node(key).agentRuns).filter((run) => run === "3 off");
  const before = shots().length;
  net.run(1_000);
  assert.equal(shots().length, before, "it was not waited for");
  net.feed("3", { type: "guard", inUse: [] });
  net.run(10_000);
  assert.equal(shots().length, before);
  assert.deepEqual(net.victims("1"), []);
  assert.deepEqual(net.open, ["1", "2", "3"]);
});
