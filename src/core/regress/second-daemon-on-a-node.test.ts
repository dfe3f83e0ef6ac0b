/**
 * Somebody starts bouncerd a second time on node 3, with another socket and state directory, while 3
 * runs virtual machines. The second one knows nothing and finds storage in use. The node must not be
 * fenced for it, and the second one must not open a gate.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net } from "../net-harness.ts";

test("a second daemon on a node speaks for nobody", () => {
  const net = new Net();
  const keys = ["1", "2", "3"];
  for (const key of keys) net.boot(key, { boot: `boot-${key}` });
  net.view(keys, majorityOf(3));
  net.run(10_000);
  net.feed("3", { type: "guard", inUse: ["vg0/vm-100"] });
  net.boot("3/second", { boot: "boot-3", inUse: ["vg0/vm-100"] });
  net.view([...keys, "3/second"], majorityOf(3));
  net.run(20_000);
  assert.deepEqual(net.open, keys);
  assert.deepEqual(net.victims("1"), []);
  const third = net.node("1").state.ledger.members.find((member) => member.node === 3);
  assert.equal(third?.start, net.node("3").state.incarnation.start);
  assert.equal(net.node("3/second").state.ledger.members.length, 3);
});

test("a daemon that is there and says nothing makes room for the one started after it", () => {
  const net = new Net();
  const keys = ["1", "2", "3"];
  for (const key of keys) net.boot(key, { boot: `boot-${key}` });
  net.view(keys, { quorate: false, needed: 4 });
  net.run(10_000);
  net.boot("3/second", { boot: "boot-3", inUse: ["not known yet"] });
  net.node("3").isMute = true;
  net.view([...keys, "3/second"], majorityOf(3));
  net.run(6_000);
  net.feed("3/second", { type: "guard", inUse: [] });
  net.run(30_000);
  for (const key of ["1", "2"]) assert.deepEqual(net.node(key).agentRuns, [], "nobody is shot for it");
  assert.deepEqual(net.open, ["1", "2", "3/second"]);
});
