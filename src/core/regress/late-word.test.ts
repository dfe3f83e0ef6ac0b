/**
 * Node 3 cannot be fenced. A person pulls what he takes for its plug and says so; the ring breaks before
 * his word is delivered, because 3 comes back, storage still in use. The word waits in the daemon and
 * must be weighed anew: said now, it would be refused.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, type Net, NO_QUORUM, openNet } from "../net-harness.ts";
import { silent } from "./net-node.ts";

function cutOffAndBack(contradict: { readonly contradict?: string }): Net {
  const net = openNet(3);
  net.feed("3", { type: "guard", inUse: ["vg0/vm-100"] });
  net.agent = silent;
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.run(500);
  net.reaches = (_to, _from, body) => body.type !== "ack";
  const word = { type: "ack", node: 3, by: "root", statement: "pulled the plug", ...contradict } as const;
  net.ask("1", "word", word);
  net.settle();
  assert.equal(net.node("1").replies.get("word"), undefined);
  net.reaches = () => true;
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(2_000);
  return net;
}

test("a word that comes after the node's return is refused, and the node stays a victim", () => {
  const net = cutOffAndBack({});
  const reply = net.node("1").replies.get("word");
  assert.equal(reply?.ok === false && reply.error, "DOM_ACK_CONTRADICTED");
  assert.deepEqual(net.victims("1"), [3]);
  assert.deepEqual(net.open, []);
});

test("a word that was on its way when the node came back is not evidence", () => {
  const net = cutOffAndBack({});
  const incarnation = net.node("3").state.incarnation;
  const word = {
    type: "ack",
    node: 3,
    incarnation,
    by: "root",
    statement: "pulled the plug",
    wall: 1,
  } as const;
  net.send("1", { ...word, insists: false });
  net.run(2_000);
  assert.deepEqual(net.victims("1"), [3]);
  assert.deepEqual(net.node("1").state.ledger.victims[0]?.evidence, []);
});

test("whoever insists is taken at his word", () => {
  const net = cutOffAndBack({ contradict: "the daemon is a ghost: I hold the power cord" });
  assert.equal(net.node("1").replies.get("word")?.ok, true);
  assert.deepEqual(net.victims("1"), []);
});
