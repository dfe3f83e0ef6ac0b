/** Agents that do what they should not: every one costs bounded time and proves nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createBench, gone, isRunning } from "./bench.ts";

const LIMIT = { timeout: 60_000 };

test("an agent that lies: off succeeds, its status says on", LIMIT, async (t) => {
  const bench = createBench(t);
  const use = { agent: "fence_lies", pairs: [] };
  const off = await bench.run(use, "off");
  assert.equal(off.result, "ok");
  assert.equal(off.power, undefined); // The exit code of `off` is not a reading.
  const status = await bench.run(use, "status");
  assert.equal(status.power, "on");
});

test("an agent that hangs is a timeout, and is gone", LIMIT, async (t) => {
  const bench = createBench(t);
  const use = { agent: "fence_hangs", pairs: [["record", bench.record] as const] };
  const outcome = await bench.run(use, "status", 500);
  assert.equal(outcome.result, "timeout");
  assert.equal(outcome.power, "unknown");
  assert.match(outcome.detail, /time limit/);
  for (const pid of bench.recorded()) await gone(pid);
});

test("an agent that ignores TERM is killed with all that it started", LIMIT, async (t) => {
  const bench = createBench(t);
  const use = { agent: "fence_stubborn", pairs: [["record", bench.record] as const] };
  const running = bench.run(use, "off");
  while (bench.recorded().length < 2) await new Promise((resolve) => setImmediate(resolve));
  await bench.agents.close();
  assert.equal((await running).result, "timeout");
  for (const pid of bench.recorded()) await gone(pid);
});

test("what an agent leaves behind in its group is ended, its answer counts", LIMIT, async (t) => {
  const bench = createBench(t);
  const use = { agent: "fence_leftovers", pairs: [["record", bench.record] as const] };
  const outcome = await bench.run(use, "off");
  assert.equal(outcome.result, "ok");
  assert.equal(bench.recorded().length, 1);
  for (const pid of bench.recorded()) await gone(pid);
});

test("a descendant that left the group and holds the pipes delays nobody", LIMIT, async (t) => {
  const bench = createBench(t);
  const use = { agent: "fence_escapes", pairs: [["record", bench.record] as const] };
  const outcome = await bench.run(use, "off");
  assert.equal(outcome.result, "ok");
  assert.equal(bench.recorded().filter(isRunning).length, 1); // It really does hold them still.
});

test("an agent that prints ten million characters comes to its point", LIMIT, async (t) => {
  const bench = createBench(t);
  const outcome = await bench.run({ agent: "fence_floods", pairs: [] }, "off");
  assert.equal(outcome.result, "ok");
  assert.equal(outcome.detail, "Success: Powered OFF");
});

test("an agent that prints without end is ended", LIMIT, async (t) => {
  const bench = createBench(t);
  const outcome = await bench.run({ agent: "fence_floods_for_ever", pairs: [] }, "off");
  assert.equal(outcome.result, "failed");
  assert.match(outcome.detail, /printed more than/);
});

test("an agent that a signal ends has failed", LIMIT, async (t) => {
  const bench = createBench(t);
  const outcome = await bench.run({ agent: "fence_crashes", pairs: [] }, "status");
  assert.equal(outcome.result, "failed");
  assert.equal(outcome.power, "unknown");
  assert.match(outcome.detail, /SIGSEGV.*about to crash/);
});

test("an agent that does not listen does not break us", LIMIT, async (t) => {
  const bench = createBench(t);
  const pairs = Array.from({ length: 900 }, (_, i) => [`p${i}`, "x".repeat(60)] as const);
  const outcome = await bench.run({ agent: "fence_deaf", pairs }, "off");
  assert.equal(outcome.result, "ok");
});

test("an agent that cannot be run is a failure that says why", LIMIT, async (t) => {
  const bench = createBench(t);
  for (const [agent, detail] of [
    ["fence_absent", /not installed/],
    ["fence_not_executable", /not installed|may not be executed/],
    ["fence_no_interpreter", /interpreter/],
    ["/usr", /not installed/],
    ["rm", /not the name of a fence agent/],
    ["../fence_lies", /not the name of a fence agent/],
    ["fence_node", /is a command/],
    ["/usr/sbin/fence_ack_manual", /is a command/],
  ] as const) {
    const outcome = await bench.run({ agent, pairs: [] }, "status");
    assert.equal(outcome.result, "failed", agent);
    assert.equal(outcome.power, "unknown", agent);
    assert.match(outcome.detail, detail);
  }
});

test("exit codes mean what the interface says, and nothing more", LIMIT, async (t) => {
  const bench = createBench(t);
  const run = (action: string, code: number, more: readonly (readonly [string, string])[] = []) =>
    bench.run({ agent: "fence_codes", pairs: [["code", String(code)], ...more] }, action);
  for (const action of ["on", "off", "reboot", "list", "validate-all"]) {
    for (const code of [0, 1, 2, 3, 126, 127, 255]) {
      const outcome = await run(action, code);
      assert.equal(outcome.result, code === 0 ? "ok" : "failed", `${action} ${code}`);
      assert.equal(outcome.power, undefined);
      assert.equal(outcome.exitCode, code);
    }
  }
  for (const action of ["status", "monitor"]) {
    const powers = [];
    for (const code of [0, 1, 2, 3, 255]) powers.push((await run(action, code)).power);
    assert.deepEqual(powers, ["on", "unknown", "off", "unknown", "unknown"]);
  }
  assert.equal(
    (
      await run("status", 2, [
        ["say", "Status: OFF"],
        ["complain", "slow"],
      ])
    ).power,
    "off",
  );
  assert.equal((await run("status", 2, [["say", "Status: ON"]])).power, "unknown");
  assert.equal((await run("status", 2, [["complain", "line 7: [: integer expected"]])).power, "unknown");
  assert.equal((await run("status", 0, [["say", "Status: OFF"]])).power, "on");
});

test("a script that its shell cannot read is not a node that is off", LIMIT, async (t) => {
  const bench = createBench(t);
  const outcome = await bench.run({ agent: "fence_syntax_error", pairs: [] }, "status");
  assert.equal(outcome.exitCode, 2);
  assert.equal(outcome.result, "failed");
  assert.equal(outcome.power, "unknown");
});

test("close ends what still runs, and nothing is started after it", LIMIT, async (t) => {
  const bench = createBench(t);
  const use = { agent: "fence_hangs", pairs: [["record", bench.record] as const] };
  const running = bench.run(use, "off");
  await bench.agents.close();
  assert.equal((await running).result, "timeout");
  assert.match((await bench.run(use, "off")).detail, /about to end/);
  for (const pid of bench.recorded()) await gone(pid);
});

test("an agent that was called off is ended with all that it started", LIMIT, async (t) => {
  const bench = createBench(t);
  const calledOff = new AbortController();
  const use = { agent: "fence_hangs", pairs: [["record", bench.record] as const] };
  const running = bench.run(use, "off", undefined, calledOff.signal);
  while (bench.recorded().length < 1) await new Promise((resolve) => setImmediate(resolve));
  calledOff.abort();
  const outcome = await running;
  assert.deepEqual([outcome.result, outcome.detail], ["timeout", "ended by us: no longer needed"]);
  for (const pid of bench.recorded()) await gone(pid);
});
