/** The drivers against a device that does what the test says. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AgentAction, type AgentAnswer, type Power, problem, type Result, success } from "./agent.ts";
import { definePowerAgent } from "./define.ts";
import type { PowerDevice } from "./device.ts";
import { COMMON, PLUG } from "./library.ts";
import { Values } from "./values.ts";

type Reading = Power | "fails" | "denied";

interface Script {
  /** What it reads, one after another; the last one stays. */
  readonly reads: readonly Reading[];
  readonly sets?: Result<void>;
  /** Reads off (on) once it was told to. */
  readonly obeys?: boolean;
  /** Called off while this reading is taken: the first is 1. */
  readonly calledOffAt?: number;
  readonly confirms?: "caller";
}

function play(script: Script, action: AgentAction, given: Record<string, string> = {}, budgetMs = 5_000) {
  const log: string[] = [];
  const reads = [...script.reads];
  let told: Power | undefined;
  let isOpen = false;
  const calledOff = new AbortController();
  const device: PowerDevice = {
    async power(plug) {
      log.push(plug === "" ? "read" : `read ${plug}`);
      if (log.length === script.calledOffAt) calledOff.abort();
      if (script.obeys === true && told !== undefined) return success(told);
      const next = reads.length > 1 ? reads.shift() : reads[0];
      if (next === "fails") return problem("timeout", "silence");
      if (next === "denied") return problem("credentials", "no");
      return success(next ?? "unknown");
    },
    async set(plug, to) {
      log.push(plug === "" ? to : `${to} ${plug}`);
      told = to;
      return script.sets ?? success(undefined);
    },
    async close() {
      isOpen = false;
    },
  };
  const agent = definePowerAgent({
    name: "fence_test",
    shortdesc: "",
    longdesc: "",
    parameters: [...COMMON, ...PLUG],
    inputRules: { login: "optional", password: "optional", plug: "optional" },
    open: async () => {
      isOpen = true;
      return success(device);
    },
  });
  const values = new Values(agent.parameters, new Map(Object.entries(given)));
  const context = {
    signal: calledOff.signal,
    deadline: performance.now() + budgetMs,
    identity: "skip" as const,
    ...(script.confirms === undefined ? {} : { confirms: script.confirms }),
  };
  const answer = agent.run(action, values, context).then((one) => {
    assert.equal(isOpen, false, "it was left open");
    return one;
  });
  return { answer, log };
}

const short = { power_timeout: "1", stonith_status_sleep: "0" };

function kindOf(answer: AgentAnswer): string {
  return answer.ok ? answer.said.join() : `${answer.problem.kind} at ${answer.phase}`;
}

describe("off", () => {
  test("sends, and reads off twice", async () => {
    const { answer, log } = play({ reads: ["on"], obeys: true }, "off");
    assert.equal(kindOf(await answer), "Success: Powered OFF");
    assert.deepEqual(log, ["read", "off", "read", "read"]);
  });
  test("already off: two reads, nothing sent", async () => {
    const { answer, log } = play({ reads: ["off"] }, "off");
    assert.equal(kindOf(await answer), "Success: Already OFF");
    assert.deepEqual(log, ["read", "read"]);
  });
  test("off for a moment only is not off: it is told again", async () => {
    const { answer, log } = play({ reads: ["off", "on", "on"], obeys: true }, "off");
    assert.equal(kindOf(await answer), "Success: Powered OFF");
    assert.deepEqual(log, ["read", "read", "off", "read", "read"]);
  });
  test("off that turns on again is no success", async () => {
    const reads: Reading[] = ["on", "off", "on", "off", "on", "on"];
    assert.equal(kindOf(await play({ reads }, "off", short).answer), "not-reached at off");
  });
  test("a state that is changing is not off", async () => {
    assert.equal(kindOf(await play({ reads: ["on", "unknown"] }, "off", short).answer), "not-reached at off");
  });
  test("a state that is changing is told to go off", async () => {
    const { answer } = play({ reads: ["unknown"], obeys: true }, "off");
    assert.equal(kindOf(await answer), "Success: Powered OFF");
  });
  test("reads that fail after the order are borne, in time", async () => {
    const { answer } = play({ reads: ["on", "fails", "fails", "off"] }, "off");
    assert.equal(kindOf(await answer), "Success: Powered OFF");
    assert.equal(kindOf(await play({ reads: ["on", "fails"] }, "off", short).answer), "timeout at off");
  });
  test("no state to begin with: nothing is sent", async () => {
    const { answer, log } = play({ reads: ["denied"] }, "off");
    assert.equal(kindOf(await answer), "credentials at status");
    assert.deepEqual(log, ["read"]);
  });
  test("what will not change is not waited for", async () => {
    const { answer, log } = play({ reads: ["on"], sets: problem("privilege", "no") }, "off");
    assert.equal(kindOf(await answer), "privilege at off");
    assert.deepEqual(log, ["read", "off"]);
  });
  test("a refusal is not believed either: it is off", async () => {
    const { answer } = play({ reads: ["on"], obeys: true, sets: problem("refused", "already") }, "off");
    assert.equal(kindOf(await answer), "Success: Powered OFF");
  });
  test("several plugs: all of them, each once", async () => {
    const { answer, log } = play({ reads: ["on"], obeys: true }, "off", { plug: "1,2,1" });
    assert.equal(kindOf(await answer), "Success: Powered OFF");
    assert.deepEqual(log.slice(0, 4), ["read 1", "read 2", "off 1", "off 2"]);
  });
  test("one plug off is not off", async () => {
    const { answer } = play({ reads: ["off", "on"] }, "off", { ...short, plug: "1,2" });
    assert.equal(kindOf(await answer), "not-reached at off");
  });
});

describe("on and reboot", () => {
  test("on, as often as retry_on says", async () => {
    const { answer, log } = play({ reads: ["off"] }, "on", { ...short, power_timeout: "0.1", retry_on: "2" });
    assert.equal(kindOf(await answer), "not-reached at on");
    assert.equal(log.filter((line) => line === "on").length, 3);
  });
  test("reboot: off, proved, then on", async () => {
    const { answer, log } = play({ reads: ["on"], obeys: true }, "reboot");
    assert.equal(kindOf(await answer), "Success: Rebooted");
    assert.deepEqual(log, ["read", "off", "read", "read", "on", "read"]);
  });
  test("reboot that does not come on again: fenced, and said so", async () => {
    const answer = await play({ reads: ["on", "off"] }, "reboot", { ...short, power_timeout: "0.1" }).answer;
    assert.equal(kindOf(answer), "Success: Rebooted");
    assert.match(answer.warnings.join(), /Timed out waiting to power ON/);
    assert.equal(answer.power, "unknown");
  });
  test("reboot whose off fails sends no on", async () => {
    const { answer, log } = play({ reads: ["on"] }, "reboot", short);
    assert.equal(kindOf(await answer), "not-reached at off");
    assert.ok(!log.includes("on"));
  });
});

describe("the rest", () => {
  test("status of what is neither on nor off", async () => {
    assert.equal(kindOf(await play({ reads: ["unknown"] }, "status").answer), "not-reached at status");
  });
  test("the deadline ends it, whatever the parameters say", async () => {
    const startedAt = performance.now();
    const { answer } = play({ reads: ["on"] }, "off", { disable_timeout: "1" }, 200);
    assert.equal((await answer).ok, false);
    assert.ok(performance.now() - startedAt < 30_000);
  });
  test("a delay that is longer than the time sends nothing", async () => {
    const { answer, log } = play({ reads: ["on"], obeys: true }, "off", { delay: "60" }, 50);
    assert.equal(kindOf(await answer), "cancelled at status");
    assert.deepEqual(log, []);
  });
  test("an agent that throws: a failure, and no secret in it", async () => {
    const agent = definePowerAgent({
      name: "fence_test",
      shortdesc: "",
      longdesc: "",
      parameters: COMMON.map((one) => (one.name === "delay" ? { ...one, secret: true } : one)),
      inputRules: { login: "optional", password: "optional", plug: "none" },
      open: async () => {
        throw new Error("with canary-9 in it");
      },
    });
    const values = new Values(agent.parameters, new Map([["delay", "canary-9"]]));
    const context = { signal: new AbortController().signal, deadline: performance.now() + 1_000 };
    const answer = await agent.run("status", values, { ...context, identity: "skip" });
    assert.equal(answer.ok, false);
    assert.ok(!JSON.stringify(answer).includes("canary-9"));
  });
});

test("called off before the order: it is not sent, and nothing is off", async () => {
  const { answer, log } = play({ reads: ["on"], obeys: true, calledOffAt: 1 }, "off");
  assert.equal(kindOf(await answer), "cancelled at off");
  assert.equal((await answer).power, "unknown");
  assert.deepEqual(log, ["read"]);
});

test("where the caller reads off twice by itself, once is enough here", async () => {
  const { answer, log } = play({ reads: ["on"], obeys: true, confirms: "caller" }, "off");
  assert.equal(kindOf(await answer), "Success: Powered OFF");
  assert.deepEqual(log, ["read", "off", "read"]);
});
