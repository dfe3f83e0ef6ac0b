/**
 * Node 3 fell silent, the shots at it failed, and it is back. Its gate is shut, and its guards are being
 * asked what is in use. It may be clean: it is not shot before they had their time to answer.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, type Net, NO_QUORUM, openNet } from "../net-harness.ts";
import { configOf } from "../testing.ts";
import { whyHeld } from "../view/why.ts";
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

test("whoever waits says that it is asked, not the delay that is over", () => {
  const config = configOf(3);
  const net = openNet(3, {
    fenceDaemon: { ...config.fenceDaemon, postFailDelayMs: 2_000, postJoinDelayMs: 2_000 },
  });
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.run(500);
  net.boot("3", { boot: net.node("3").state.incarnation.boot, inUse: ["vg0/vm-100"] });
  const { inUse: _unanswered, ...unasked } = net.node("3").state;
  net.node("3").state = unasked;
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(1_000);
  const steps = (): readonly string[] => whyHeld(net.node("1").state).map(({ step }) => step);
  assert.deepEqual(steps(), ["waiting: post_fail_delay is 2 s"]);
  net.run(2_000);
  assert.deepEqual(steps(), ["waiting: n3 is there and is asked what it uses, for 5 s at most"]);
  assert.equal(shots(net), 0);
  net.run(4_000);
  assert.equal(shots(net), 1);
});
