/** A controller that misbehaves: never off, always an exact reason, always in time. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AgentAnswer } from "../../../src/agents/frame/agent.ts";
import { account, ask, openRig } from "./rig.ts";

function kindOf(answer: AgentAnswer): string {
  return answer.ok ? `ok: ${answer.said.join()}` : answer.problem.kind;
}

describe("IPMI, when things go wrong", { concurrency: 4 }, () => {
  test("wrong password", async (t) => {
    const rig = await openRig(t);
    for (const agent of ["fence_ilo4", "fence_ipmilan"]) {
      const answer = await ask(agent, "off", { ...account(rig), password: "wrong" });
      assert.equal(kindOf(answer), "credentials");
    }
    assert.equal(rig.chassis.offCount, 0);
  });

  test("unknown user", async (t) => {
    const rig = await openRig(t);
    for (const agent of ["fence_ilo4", "fence_ipmilan"]) {
      assert.equal(kindOf(await ask(agent, "off", { ...account(rig), username: "who" })), "credentials");
    }
  });

  test("nobody listens: unreachable, and soon", async (t) => {
    const rig = await openRig(t);
    const given = account(rig);
    await rig.simulator.close();
    t.mock.method(rig.simulator, "close", async () => {});
    const answer = await ask("fence_ilo4", "status", given);
    assert.equal(kindOf(answer), "unreachable");
  });

  test("a name that does not resolve", async () => {
    const answer = await ask("fence_ilo4", "status", { ip: "no.such.host.invalid" });
    assert.equal(kindOf(answer), "address");
  });

  test("silence: a timeout by its own limit, cancelled by the deadline", async (t) => {
    const rig = await openRig(t);
    rig.simulator.misbehave({ type: "silent" });
    const own = await ask("fence_ilo4", "off", { ...account(rig), ipmitool_timeout: "0" });
    assert.equal(kindOf(own), "timeout");
    const outer = await ask("fence_ilo4", "off", account(rig), { budgetMs: 300 });
    assert.equal(kindOf(outer), "cancelled");
    assert.equal(outer.power, "unknown");
  });

  test("called off in the middle", async (t) => {
    const rig = await openRig(t);
    rig.simulator.misbehave({ type: "silent" });
    const abort = new AbortController();
    const running = ask("fence_ilo4", "off", account(rig), { signal: abort.signal });
    abort.abort();
    assert.equal(kindOf(await running), "cancelled");
  });

  test("session table full: named so, and over when there is room again", async (t) => {
    const rig = await openRig(t);
    rig.simulator.misbehave({ type: "sessions-full" });
    assert.equal(kindOf(await ask("fence_ilo4", "status", account(rig))), "sessions-full");
    const running = ask("fence_ilo4", "off", account(rig));
    setTimeout(() => rig.simulator.misbehave({ type: "none" }), 100);
    assert.equal(kindOf(await running), "ok: Success: Powered OFF");
  });

  test("it gives its sessions back, also after failures", async (t) => {
    const rig = await openRig(t, { sessionsMax: 2 });
    for (let count = 0; count < 6; count++) {
      assert.equal(kindOf(await ask("fence_ilo4", "status", account(rig))), "ok: Status: ON");
      await ask("fence_ilo4", "status", { ...account(rig), password: "wrong" });
      assert.equal(kindOf(await ask("fence_ipmilan", "status", account(rig))), "ok: Status: ON");
    }
    assert.equal(rig.simulator.sessions, 0);
  });

  test("datagrams get lost: done all the same, and only once where that matters", async (t) => {
    const rig = await openRig(t);
    rig.simulator.misbehave({ type: "drops", every: 4 });
    assert.equal(kindOf(await ask("fence_ilo4", "off", account(rig))), "ok: Success: Powered OFF");
    assert.equal(rig.chassis.offCount, 1);
    const cycled = await openRig(t);
    const running = ask("fence_ilo4", "reboot", {
      ...account(cycled),
      method: "cycle",
      ipmitool_timeout: "0",
    });
    await running;
    assert.ok(cycled.simulator.orders.filter((order) => order === "cycle").length <= 1);
  });

  test("slow answers", async (t) => {
    const rig = await openRig(t);
    rig.simulator.misbehave({ type: "slow", ms: 60 });
    assert.equal(kindOf(await ask("fence_ilo4", "off", account(rig))), "ok: Success: Powered OFF");
  });

  test("a machine that takes its time is on until it is off", async (t) => {
    const rig = await openRig(t, {}, { offMs: 400 });
    const answer = await ask("fence_ilo4", "off", account(rig));
    assert.equal(kindOf(answer), "ok: Success: Powered OFF");
    assert.equal(rig.chassis.power, "off");
  });

  test("it says done and does nothing: not off", async (t) => {
    const rig = await openRig(t);
    rig.simulator.misbehave({ type: "lies" });
    const answer = await ask("fence_ilo4", "off", { ...account(rig), power_timeout: "1" });
    assert.equal(kindOf(answer), "not-reached");
    assert.match(answer.ok ? "" : answer.problem.detail, /reads on/);
    const reboot = await ask("fence_ilo4", "reboot", { ...account(rig), power_timeout: "1" });
    assert.equal(kindOf(reboot), "not-reached");
    assert.ok(!rig.simulator.orders.includes("up"));
  });

  test("privileges: of the account, and of the order", async (t) => {
    const rig = await openRig(t, {
      login: { user: "admin", password: "canary-7d1f", privilege: "operator" },
    });
    assert.equal(kindOf(await ask("fence_ilo4", "status", account(rig))), "privilege");
    const operator = { ...account(rig), privlvl: "operator" };
    assert.equal(kindOf(await ask("fence_ilo4", "off", operator)), "ok: Success: Powered OFF");
    const second = await openRig(t);
    second.simulator.misbehave({ type: "no-privilege" });
    assert.equal(kindOf(await ask("fence_ilo4", "off", account(second))), "privilege");
    assert.equal(second.chassis.offCount, 0);
  });

  test("busy for a while", async (t) => {
    const rig = await openRig(t);
    rig.simulator.misbehave({ type: "busy", times: 3 });
    assert.equal(kindOf(await ask("fence_ilo4", "off", account(rig))), "ok: Success: Powered OFF");
  });

  test("it restarts in the middle: a new session, and off in the end", async (t) => {
    const rig = await openRig(t, {}, { offMs: 300, onChange: () => {} });
    const given = { ...account(rig), ipmitool_timeout: "0", power_timeout: "10" };
    const running = ask("fence_ilo4", "off", given);
    const watch = setInterval(() => {
      if (!rig.simulator.orders.includes("down")) return;
      clearInterval(watch);
      rig.simulator.misbehave({ type: "restarts" });
    }, 5);
    assert.equal(kindOf(await running), "ok: Success: Powered OFF");
    clearInterval(watch);
  });

  test("a BMC key: right, wrong, missing, no key at all", async (t) => {
    const rig = await openRig(t, { bmcKeyHex: "a1b2c3d4e5" });
    const right = { ...account(rig), hexadecimal_kg: "0xa1b2c3d4e5" };
    assert.equal(kindOf(await ask("fence_ilo4", "status", right)), "ok: Status: ON");
    const wrong = await ask("fence_ilo4", "status", { ...right, hexadecimal_kg: "ff" });
    assert.equal(kindOf(wrong), "credentials");
    assert.match(wrong.ok ? "" : wrong.problem.detail, /hexadecimal_kg/);
    assert.equal(kindOf(await ask("fence_ilo4", "status", account(rig))), "credentials");
    assert.equal(kindOf(await ask("fence_ilo4", "status", { ...right, hexadecimal_kg: "xyz" })), "usage");
  });

  test("only 1.5, only 2.0: up when needed, never down", async (t) => {
    const old = await openRig(t, { dialects: "1.5" });
    assert.equal(kindOf(await ask("fence_idrac", "off", account(old))), "ok: Success: Powered OFF");
    const refused = await ask("fence_ilo4", "status", { ...account(old), ipmitool_timeout: "0" });
    assert.equal(kindOf(refused), "timeout");
    const fresh = await openRig(t, { dialects: "2.0" });
    assert.equal(kindOf(await ask("fence_idrac", "off", account(fresh))), "ok: Success: Powered OFF");
  });

  test("suites: 3 alone, 17 alone, one that is not there", async (t) => {
    const three = await openRig(t, { suites: [3] });
    assert.equal(kindOf(await ask("fence_ilo4", "status", account(three))), "ok: Status: ON");
    assert.equal(
      kindOf(await ask("fence_ilo4", "status", { ...account(three), cipher: "17" })),
      "unsupported",
    );
    const seventeen = await openRig(t, { suites: [17] });
    assert.equal(kindOf(await ask("fence_ilo4", "status", account(seventeen))), "ok: Status: ON");
    assert.equal(
      kindOf(await ask("fence_ilo4", "status", { ...account(seventeen), cipher: "0" })),
      "unsupported",
    );
  });

  test("cycle of what is off: it is fenced, and switched on", async (t) => {
    const rig = await openRig(t, {}, { power: "off" });
    const answer = await ask("fence_ilo4", "reboot", { ...account(rig), method: "cycle" });
    assert.equal(kindOf(answer), "ok: Success: Rebooted");
    assert.deepEqual(rig.simulator.orders, ["up"]);
    assert.equal(answer.ok && answer.proof, "read-back");
  });

  test("cycle is never called proof", async (t) => {
    const rig = await openRig(t);
    const answer = await ask("fence_ilo4", "reboot", { ...account(rig), method: "cycle" });
    assert.equal(answer.ok && answer.proof, "accepted");
    assert.equal(answer.power, "unknown");
  });

  test("who it is", async (t) => {
    const rig = await openRig(t, {
      serial: "CZ1234",
      product: "DL380",
      guidHex: "00112233445566778899aabbccddeeff",
    });
    const { identity } = await ask("fence_ilo4", "status", account(rig), { identity: "ask" });
    assert.equal(identity?.serial, "CZ1234");
    assert.equal(identity?.product, "DL380");
    assert.deepEqual(identity?.uuids, [
      "00112233-4455-6677-8899-aabbccddeeff",
      "33221100-5544-7766-8899-aabbccddeeff",
      "ffeeddcc-bbaa-9988-7766-554433221100",
    ]);
  });
});
