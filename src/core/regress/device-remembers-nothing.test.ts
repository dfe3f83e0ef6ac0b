/**
 * Four nodes and a quorum device with three votes: each node alone is a quorum with it. 3 and 4 were the
 * epoch; 4 was lost, met 1, and died, so that 1 went on alone. 2 had met 3, which was shot and came back.
 * Neither 2 nor 3 has ever heard that 1 is a member. Found by seed 5388, profile activation.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Net, type Votes } from "../net-harness.ts";
import { configOf, epochOf } from "../testing.ts";
import { whyHeld } from "../view/why.ts";
import { obedient, silent } from "./net-node.ts";

const DEVICE: Votes = { quorate: true, needed: 4, device: 3 };
const NO_DEVICE: Votes = { quorate: false, needed: 4, device: 0 };

/** The epoch is that of 3 and 4; 2 has met 3 alone, without a quorum, and follows its ledger. */
function apart(): Net {
  const net = new Net(configOf(4));
  for (const key of ["3", "4"]) net.boot(key, { disk: epochOf(1, [3, 4]) });
  net.view(["3", "4"], DEVICE);
  net.run(60_000);
  assert.deepEqual(net.open, ["3", "4"]);
  net.view(["4"], NO_DEVICE);
  net.boot("2");
  net.view(["2", "3"], NO_DEVICE);
  net.run(1_000);
  assert.deepEqual(net.open, []);
  net.agent = (run) => (run.node === 1 ? silent() : obedient(run));
  return net;
}

test("where nobody lived through the last epoch, whoever is absent is looked for anew", () => {
  const net = apart();
  net.kill("3");
  net.view(["2"], NO_DEVICE);
  net.run(1_000);
  net.boot("3");
  net.view(["2", "3"], DEVICE);
  net.run(60_000);
  assert.deepEqual(net.victims("2"), [1]);
  assert.deepEqual(net.open, []);
  net.agent = obedient;
  net.run(60_000);
  assert.deepEqual([...net.open].sort(), ["2", "3"]);
});

test("one who lived through it rules out that others went on without it", () => {
  const net = apart();
  net.view(["2", "3"], DEVICE);
  net.run(60_000);
  assert.deepEqual([...net.open].sort(), ["2", "3"]);
});

test("what left in order is not believed gone by the word of disks that a device makes a quorum", () => {
  const net = new Net(configOf(3));
  const keys = ["1", "2", "3"];
  for (const key of keys) net.boot(key);
  net.view(keys, { quorate: true, needed: 3, device: 2 });
  net.run(60_000);
  net.ask("3", "leave", { type: "leave" });
  net.run(1_000);
  for (const key of keys) net.kill(key);
  net.agent = silent;
  for (const key of ["1", "2"]) net.boot(key);
  net.view(["1", "2"], { quorate: true, needed: 3, device: 2 });
  net.run(60_000);
  assert.deepEqual(net.victims("1"), [3]); // Alone with the device it may have come back meanwhile.
});

test("a node that knows nothing begins no cluster with a device alone: its file could be any", () => {
  const net = new Net(configOf(2, { version: 9 }));
  net.boot("1");
  net.view(["1"], { quorate: true, needed: 2, device: 1 });
  net.run(600_000);
  assert.deepEqual([net.open, net.victims("1"), net.node("1").agentRuns], [[], [], []]);
  assert.deepEqual(
    whyHeld(net.node("1").state).map(({ code }) => code),
    ["first-start"],
  );
  net.boot("2", { disk: epochOf(4, [2]) });
  net.view(["1", "2"], { quorate: true, needed: 2, device: 1 });
  net.run(60_000);
  assert.deepEqual([...net.open].sort(), ["1", "2"]);
});
