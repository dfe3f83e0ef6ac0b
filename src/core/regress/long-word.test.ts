/**
 * A person explains at length how he knows that node 3 is off, and why he insists although a device
 * read it as on. Both texts together once made a message that no daemon could read: the word was
 * swallowed, and asked again for ever.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, encodeMessage } from "../../codec/message.ts";
import { majorityOf, openNet } from "../net-harness.ts";

test("a long word with a long reason arrives", () => {
  const net = openNet(3);
  net.carry = (message) => decodeMessage(encodeMessage(message));
  net.agent = ({ action }) => ({
    result: "ok",
    ...(action === "status" ? { power: "on" } : {}),
    detail: "done",
    tookMs: 1,
  });
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.run(4_000);
  const statement = "s".repeat(490);
  net.ask("1", "word", { type: "ack", node: 3, by: "root", statement, contradict: "c".repeat(490) });
  net.run(60_000);
  for (const key of ["1", "2"]) assert.deepEqual([...net.node(key).state.garbage], []);
  assert.equal(net.node("1").replies.get("word")?.ok, true);
  assert.deepEqual(net.open, ["1", "2"]);
  const source = net.node("2").state.ledger.incidents[0]?.evidence[0]?.source ?? "";
  assert.ok(source.startsWith(`root: ${statement} (although `));
});
