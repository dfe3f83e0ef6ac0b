/** fence_pve against a simulated cluster: both logins, migration, faults; and beside Debian's agent. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { isAsleep, powerIn } from "../../../src/agents/pve/device.ts";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import type { PveFault } from "../../../src/bmc/pve/faults.ts";
import { openPveSimulator } from "../../../src/bmc/pve/simulator.ts";
import { ask, deadPort, type Given, kindOf, LOGIN } from "./ask.ts";
import { type Case, compareCases, compareMetadata, skipWithout } from "./compare.ts";

const AGENT = "fence_pve";
const OWN = ["ssl_ca", "ssl_fingerprint"];
const skip = skipWithout(`/usr/sbin/${AGENT}`);

async function openRig(t: TestContext, user = "root@pam", password: string = LOGIN.password, offMs = 50) {
  const chassis = createChassis({ offMs });
  const simulator = await openPveSimulator({ chassis, login: { user, password } });
  t.after(async () => {
    chassis.close();
    await simulator.close();
  });
  const given: Given = {
    ip: simulator.host,
    ipport: String(simulator.port),
    username: user,
    password,
    plug: simulator.vmid,
    pve_node_auto: "1",
    ssl_insecure: "1",
    power_timeout: "3",
  };
  return { chassis, simulator, given };
}

for (const [about, user, password] of [
  ["a ticket", "root@pam", LOGIN.password],
  ["an API token", "fence@pve!bouncer", "0b1c8b4e-2f0c-4d38-9a53-3b1e6f5d7a90"],
] as const) {
  test(`off, status, on, reboot, list with ${about}`, async (t) => {
    const { given, chassis, simulator } = await openRig(t, user, password);
    assert.equal((await ask(AGENT, "status", given)).power, "on");
    assert.deepEqual((await ask(AGENT, "off", given)).said, ["Success: Powered OFF"]);
    assert.equal(chassis.power, "off");
    assert.deepEqual((await ask(AGENT, "off", given)).said, ["Success: Already OFF"]);
    assert.deepEqual((await ask(AGENT, "on", given)).said, ["Success: Powered ON"]);
    assert.deepEqual((await ask(AGENT, "reboot", given)).said, ["Success: Rebooted"]);
    assert.deepEqual(simulator.orders, ["stop", "start", "stop", "start"]);
    assert.deepEqual((await ask(AGENT, "list", { ...given, plug: undefined })).said, ["102,tpve02"]);
    const bad = await ask(AGENT, "off", { ...given, password: "another" });
    assert.equal(kindOf(bad), "credentials");
    assert.equal(chassis.power, "on");
  });
}

test("the machine is found where it is, and not where it is not", async (t) => {
  const { given, simulator, chassis } = await openRig(t);
  const named = { ...given, pve_node_auto: undefined };
  assert.equal((await ask(AGENT, "status", { ...named, pve_node: "pve2" })).power, "on");
  assert.equal((await ask(AGENT, "status", { ...named, nodename: "pve2" })).power, "on");
  simulator.migrate();
  assert.equal(kindOf(await ask(AGENT, "off", { ...named, pve_node: "pve2" })), "missing");
  assert.equal(chassis.power, "on");
  assert.equal((await ask(AGENT, "off", given)).power, "off");
  assert.equal(kindOf(await ask(AGENT, "off", { ...given, plug: "103" })), "missing");
  assert.equal(kindOf(await ask(AGENT, "off", named)), "usage");
  for (const pve_node of ["../x", "a/b", "a b", ""]) {
    assert.equal(kindOf(await ask(AGENT, "off", { ...named, pve_node })), "usage", pve_node);
  }
  for (const plug of ["1/../2", "x", "-1", "0"]) {
    assert.equal(kindOf(await ask(AGENT, "off", { ...given, plug })), "usage", plug);
  }
});

test("each fault is named, and none makes an off of what is on", async (t) => {
  const { given, simulator, chassis } = await openRig(t);
  const quick = { ...given, shell_timeout: "1", power_timeout: "1" };
  for (const [fault, kind] of [
    [{ type: "silent" }, "timeout"],
    [{ type: "drops" }, "lost"],
    [{ type: "lies" }, "not-reached"],
    [{ type: "other-password" }, "credentials"],
    [{ type: "no-privilege" }, "privilege"],
    [{ type: "host-gone" }, "unreachable"],
    [{ type: "paused" }, "not-reached"],
    [{ type: "suspended" }, "refused"],
    [{ type: "garbage", status: 200, body: "{" }, "protocol"],
    [{ type: "garbage", status: 200, body: '{"data":{"status":"stopped"}}' }, "protocol"],
    [{ type: "garbage", status: 500, body: "" }, "refused"],
  ] as const satisfies readonly (readonly [PveFault, string])[]) {
    chassis.turn("on");
    simulator.misbehave(fault);
    const answer = await ask(AGENT, fault.type === "paused" ? "status" : "off", quick);
    assert.deepEqual([kindOf(answer), answer.power], [kind, "unknown"], fault.type);
  }
  simulator.misbehave({ type: "none" });
  const ipport = String(await deadPort());
  assert.equal(kindOf(await ask(AGENT, "off", { ...given, ipport })), "unreachable");
});

test("a certificate that is pinned, and one that changed", async (t) => {
  const { given, simulator, chassis } = await openRig(t);
  const pinned = { ...given, ssl_insecure: undefined, ssl_fingerprint: simulator.fingerprint };
  assert.equal((await ask(AGENT, "status", pinned)).power, "on");
  await simulator.renewCertificate();
  assert.equal(kindOf(await ask(AGENT, "off", pinned)), "certificate");
  assert.equal(kindOf(await ask(AGENT, "off", { ...given, ssl_insecure: undefined })), "certificate");
  assert.equal(chassis.power, "on");
});

test("states: only stopped in both senses is off", () => {
  assert.equal(powerIn({ status: "stopped" }), "off");
  assert.equal(powerIn({ status: "stopped", qmpstatus: "stopped" }), "off");
  assert.equal(powerIn({ status: "running", qmpstatus: "paused" }), "on");
  const others = [
    null,
    [],
    "stopped",
    {},
    { status: "STOPPED" },
    { status: ["stopped"] },
    { status: "stopped", qmpstatus: 0 },
  ];
  for (const data of others) assert.equal(powerIn(data), "unknown", JSON.stringify(data));
});

test("a machine that sleeps with its memory on the disk is not off", () => {
  for (const lock of ["suspended", "suspending"]) {
    assert.equal(isAsleep({ status: "stopped", qmpstatus: "stopped", lock }), true, lock);
    assert.equal(isAsleep({ status: "running", lock }), false, "what runs is on anyway");
  }
  for (const lock of [undefined, "backup", "snapshot"])
    assert.equal(isAsleep({ status: "stopped", lock }), false);
});

test("as Debian's: every action, and the usual mistakes", { timeout: 120_000, skip }, async (t) => {
  const { given, chassis } = await openRig(t, "root@pam", LOGIN.password, 0);
  const why = "the original falls over machine ids that are numbers";
  const cases: readonly Case[] = [
    { name: "status, on", more: { action: "status" } },
    { name: "status, off", power: "off", more: { action: "status" } },
    { name: "list", more: { action: "list" }, differs: { code: 0, out: /^102,tpve02\n$/, err: /^$/, why } },
    { name: "monitor", more: { action: "monitor" }, differs: { code: 0, out: /^$/, err: /^$/, why } },
    { name: "off", more: { action: "off" } },
    { name: "off, already", power: "off", more: { action: "off" } },
    { name: "on", power: "off", more: { action: "on" } },
    { name: "reboot", more: {} },
    { name: "the host by its name", more: { action: "status", pve_node_auto: undefined, pve_node: "pve2" } },
    { name: "validate-all", more: { action: "validate-all" } },
    { name: "no plug", more: { action: "off", plug: undefined } },
    { name: "no password", more: { action: "off", password: undefined } },
    { name: "wrong password", more: { action: "off", password: "another" } },
    { name: "nobody listens", more: { action: "off", ipport: String(await deadPort()) } },
    { name: "no such machine", more: { action: "status", plug: "103" } },
  ];
  await compareCases({ agent: AGENT, base: { ...given, stonith_status_sleep: "0" }, chassis, cases });
});

test("the metadata, with our own parameters besides", { skip }, () => compareMetadata(AGENT, OWN));
