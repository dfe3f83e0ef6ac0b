/** A daemon that stands still and keeps its place in the group: the others go on without it, after a bound. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, type Net, openNet } from "../net-harness.ts";
import { silent } from "../regress/net-node.ts";
import { ANSWER_TIMEOUT_MS, MASTER_SILENT_MS, SNAPSHOT_TIMEOUT_MS } from "./silence.ts";

/** Says hello, and nothing more; hears nothing. */
function standStill(net: Net, key: string): void {
  net.reaches = (to, from, body) => (from !== key || body.type === "hello") && (to !== key || from === key);
}

const done = (net: Net, key: string): readonly number[] =>
  net.node(key).state.ledger.incidents.map((incident) => incident.node);

test("one that owes the base ledger is left out, fenced, and the rest goes on", () => {
  const net = openNet(3);
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.boot("3");
  standStill(net, "1");
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(SNAPSHOT_TIMEOUT_MS - 1_000);
  assert.equal(net.node("3").state.ring?.phase, "snapshot");
  net.run(60_000);
  assert.deepEqual(net.node("2").state.ring?.muted, [`1/${net.node("1").ref.processId}`]);
  assert.deepEqual(done(net, "2").includes(1), true);
  assert.deepEqual(
    net.node("3").state.ledger.epoch.members.map(({ node }) => node),
    [2, 3],
  );
  assert.ok(net.open.includes("2") && net.open.includes("3"));
});

test("a master that stands still is asked, then followed by another", () => {
  const net = openNet(5);
  net.kill("5");
  standStill(net, "1");
  net.view(["1", "2", "3", "4"], majorityOf(5));
  net.run(MASTER_SILENT_MS + ANSWER_TIMEOUT_MS - 1_000);
  assert.deepEqual(net.node("2").state.ring?.muted, []);
  assert.deepEqual(done(net, "2"), []);
  net.run(60_000);
  assert.equal(net.node("3").state.ring?.master, `2/${net.node("2").ref.processId}`);
  assert.deepEqual([...done(net, "3")].sort(), [1, 5]);
  assert.deepEqual(
    net.node("4").state.ledger.epoch.members.map(({ node }) => node),
    [2, 3, 4],
  );
});

test("the next one in turn asks when the first one stands still as well", () => {
  const net = openNet(5);
  net.kill("5");
  net.reaches = (to, from, body) =>
    (!["1", "2"].includes(from) || body.type === "hello") && (!["1", "2"].includes(to) || from === to);
  net.view(["1", "2", "3", "4"], majorityOf(5));
  net.run(120_000);
  assert.equal(net.node("3").state.ring?.master, `3/${net.node("3").ref.processId}`);
  assert.equal(net.node("4").state.ring?.master, `3/${net.node("3").ref.processId}`);
});

test("a master that waits for a device answers, and stays", () => {
  const net = openNet(3);
  net.agent = silent;
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.run(1_200_000);
  assert.equal(net.node("2").state.ring?.master, `1/${net.node("1").ref.processId}`);
  assert.deepEqual(net.node("2").state.ring?.muted, []);
});

test("whoever wakes up and hears that it was left out ends itself", () => {
  const net = openNet(3);
  const process = `1/${net.node("1").ref.processId}`;
  net.send("2", { type: "mute", process });
  net.settle();
  assert.equal(net.node("1").isHeard, true); // It was not asked: nobody may leave it out.
  // Its answer comes behind the word that it is left out: too late, for itself as for everybody.
  net.send("2", { type: "probe" });
  net.send("2", { type: "mute", process });
  assert.throws(() => net.settle(), /node 1 ended itself: the others heard nothing from this daemon/);
});
