/**
 * A person has node 3 fenced by hand. Its device is wired to another machine: it reads off, and 3 runs
 * on, a member. Three days later 3 is cut off. The reading of that day must not end this incident.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, NO_QUORUM, openNet } from "../net-harness.ts";
import { silent } from "./net-node.ts";

test("the proof of a shot does not outlive the time in which a machine that is off is missed", () => {
  const net = openNet(3);
  net.ask("1", "shot", { type: "fence", node: 3, by: "root" });
  net.run(1_000);
  assert.equal(net.node("1").state.ledger.shots[0]?.evidence.length, 1);
  net.run(3 * 24 * 3_600_000);
  assert.deepEqual(net.node("2").state.ledger.shots, []);
  net.agent = silent;
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.run(60_000);
  assert.deepEqual(net.victims("1"), [3]);
  assert.ok(!net.open.includes("1") && !net.open.includes("2"));
});

test("missed at once, the reading counts and no second shot is needed", () => {
  const net = openNet(3);
  net.ask("1", "shot", { type: "fence", node: 3, by: "root" });
  net.run(1_000);
  net.agent = silent;
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  assert.deepEqual(net.open, ["1", "2"]);
});

test("a later view in which the node speaks ends the proof at once", () => {
  const net = openNet(3);
  net.ask("1", "shot", { type: "fence", node: 3, by: "root" });
  net.run(1_000);
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(1_000);
  assert.deepEqual(net.node("2").state.ledger.shots, []);
  net.agent = silent;
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  assert.deepEqual(net.victims("1"), [3]);
});
