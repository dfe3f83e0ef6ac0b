/**
 * Without a quorum nothing is fenced, and 64 wishes of an impatient script wait for it. The word of a
 * person, which needs no device, must be taken all the same; and whoever stops waiting makes room.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Net, NO_QUORUM, openNet } from "../net-harness.ts";
import { REQUESTS_MAX } from "../requests/request.ts";

function crowded(): Net {
  const net = openNet(3);
  net.kill("2");
  net.kill("3");
  net.view(["1"], NO_QUORUM);
  net.run(1_000);
  for (let count = 0; count < REQUESTS_MAX; count++) {
    net.ask("1", `wish-${count}`, { type: "fence", node: 3, by: "root" });
  }
  net.run(1_000);
  assert.equal(net.node("1").state.requests.length, REQUESTS_MAX);
  return net;
}

test("a person's word is taken although the desk is full", () => {
  const net = crowded();
  net.ask("1", "one-more", { type: "fence", node: 3, by: "root" });
  assert.equal(net.node("1").replies.get("one-more")?.ok, false);
  net.ask("1", "word", { type: "ack", node: 3, by: "root", statement: "unplugged" });
  net.run(1_000);
  assert.deepEqual(net.node("1").replies.get("word"), {
    ok: true,
    result: { type: "acknowledged", victimsLeft: [2] },
  });
  assert.deepEqual(net.victims("1"), [2]);
});

test("whoever stops waiting makes room", () => {
  const net = crowded();
  for (let count = 0; count < REQUESTS_MAX; count++) net.feed("1", { type: "cancel", id: `wish-${count}` });
  assert.equal(net.node("1").state.requests.length, 0);
  net.ask("1", "one-more", { type: "fence", node: 3, by: "root" });
  assert.equal(net.node("1").replies.get("one-more"), undefined);
});

test("a leave that nobody waits for any more is off", () => {
  const net = openNet(3);
  net.reaches = (_to, _from, body) => body.type !== "leave";
  net.ask("3", "leave", { type: "leave" });
  net.run(1_000);
  assert.deepEqual(net.open, ["1", "2"]);
  net.feed("3", { type: "cancel", id: "leave" });
  net.reaches = () => true;
  net.run(60_000);
  assert.equal(net.node("3").state.leaving, false);
  assert.deepEqual(net.open, ["1", "2", "3"]);
});
