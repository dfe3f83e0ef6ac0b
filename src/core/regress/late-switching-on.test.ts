/**
 * An agent that switches node 3 off hangs; node 3 comes back clean, and then the agent does it all the
 * same. The machine is to be switched on again, but not while its loss is unnoticed: the switching on
 * would meet the fencing that follows, and the two could go on for ever.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf } from "../net-harness.ts";
import { offThatHangs } from "./off-that-hangs.ts";

test("what an averted shot has switched off is proven off before it is switched on", () => {
  const { net, runs, executor, opId } = offThatHangs();
  assert.deepEqual(runs, ["3 off"]);
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
  const { net, runs, executor, opId } = offThatHangs();
  net.boot("3");
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(10_000);
  net.feed(executor, { type: "agent-exit", opId, result: "ok", detail: "Success", tookMs: 11_000 });
  net.run(60_000);
  assert.deepEqual(runs, ["3 off", "3 on"]);
});
