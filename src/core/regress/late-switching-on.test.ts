/**
 * An agent that switches node 3 off hangs; node 3 comes back clean, and then the agent does it all the
 * same. The machine is to be switched on again, but not while its loss is unnoticed: the switching on
 * would meet the fencing that follows, and the two could go on for ever.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, Net } from "../net-harness.ts";
import { configOf } from "../testing.ts";
import { obedient } from "./net-node.ts";

const TRAITS = [
  { agent: "fence_x", installed: true, actions: ["on", "off", "reboot", "status"], defaultAction: "reboot" },
];

function openNet(): Net {
  const net = new Net(configOf(3));
  const keys = ["1", "2", "3"];
  for (const key of keys) net.boot(key, { traits: TRAITS });
  net.view(keys, majorityOf(3));
  net.run(10_000);
  return net;
}

test("what an averted shot has switched off is proven off before it is switched on", () => {
  const net = openNet();
  const runs: string[] = [];
  net.agent = (run) => {
    runs.push(`${run.node} ${run.action}`);
    return run.action === "off" && runs.length === 1 ? undefined : obedient(run);
  };
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  assert.deepEqual(runs, ["3 off"]);
  const executor = ["1", "2"].find((key) => net.node(key).state.operations.length > 0) ?? "";
  const opId = net.node(executor).state.operations[0]?.opId ?? 0;
  net.boot("3");
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(10_000);
  assert.deepEqual(net.open, ["1", "2", "3"]);
  net.feed(executor, { type: "agent-exit", opId, result: "ok", detail: "Success", tookMs: 11_000 });
  net.kill("3");
  net.run(500);
  assert.deepEqual(runs, ["3 off"], "its loss was not noticed yet");
  net.view(["1", "2"], majorityOf(3));
  net.run(60_000);
  assert.deepEqual(runs, ["3 off", "3 off", "3 status", "3 status", "3 on"]);
});

test("nobody else switches it on: the executor does after a while", () => {
  const net = openNet();
  const runs: string[] = [];
  net.agent = (run) => {
    runs.push(`${run.node} ${run.action}`);
    return run.action === "off" ? undefined : obedient(run);
  };
  net.view(["1", "2"], majorityOf(3));
  net.run(1_000);
  const executor = ["1", "2"].find((key) => net.node(key).state.operations.length > 0) ?? "";
  const opId = net.node(executor).state.operations[0]?.opId ?? 0;
  net.boot("3");
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(10_000);
  net.feed(executor, { type: "agent-exit", opId, result: "ok", detail: "Success", tookMs: 11_000 });
  net.run(60_000);
  assert.deepEqual(runs, ["3 off", "3 on"]);
});
