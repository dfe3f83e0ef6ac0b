/**
 * Node 3 fell silent, the shots at it failed, and it is back. Its gate is shut, and its guards are being
 * asked what is in use. It may be clean: it is not shot before they had their time to answer.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, type Net, NO_QUORUM, openNet } from "../net-harness.ts";
import { obedient, silent } from "./net-node.ts";

/** Shots at node 3 so far. */
function shots(net: Net): number {
  return ["1", "2"].flatMap((key) => net.node(key).agentRuns).filter((run) => run === "3 off").length;
}

function returnOfThree(): Net {
  const net = openNet(3);
  net.agent = silent;
  net.node("3").isGuardHung = true;
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  assert.deepEqual(net.victims("1"), [3]);
  net.agent = obedient;
  net.view(["1", "2", "3"], majorityOf(3));
  return net;
}

test("a clean answer in time: nobody is shot", () => {
  const net = returnOfThree();
  const before = shots(net);
  assert.ok(before > 0, "it was shot at in vain");
  net.run(4_000);
  assert.equal(shots(net), before);
  net.feed("3", { type: "guard", inUse: [] });
  net.run(10_000);
  assert.equal(shots(net), before);
  assert.deepEqual(net.victims("1"), []);
  assert.deepEqual(net.open, ["1", "2", "3"]);
});

test("no answer: the shot is only late", () => {
  const net = returnOfThree();
  const before = shots(net);
  net.run(40_000);
  assert.ok(shots(net) > before);
});

test("an answer that something is in use: the shot is only late", () => {
  const net = returnOfThree();
  const before = shots(net);
  net.feed("3", { type: "guard", inUse: ["vg0/vm-100"] });
  net.run(40_000);
  assert.ok(shots(net) > before);
});
