/** The agents for power switches against simulated ones: states, outlets, orders, faults, nonsense. */
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { openSnmpSimulator } from "../../../src/bmc/snmp/simulator.ts";
import { PDU_STYLES, type PduStyleName } from "../../../src/bmc/snmp/style.ts";
import { ask, CANARY, deadPort, kindOf } from "./ask.ts";
import { openPduRig, PRIVACY } from "./snmp-rig.ts";

const AGENT = "fence_apc_snmp";
const STYLES: readonly (readonly [PduStyleName, string])[] = [
  ["apc-rpdu", AGENT],
  ["apc-rpdu2", AGENT],
  ["apc-msp", AGENT],
  ["apc-ms", AGENT],
  ["tripplite", "fence_tripplite_snmp"],
  ["eaton-managed", "fence_eaton_snmp"],
  ["eaton-switched", "fence_eaton_snmp"],
];

for (const [style, agent] of STYLES) {
  test(`${style}: off, status, on, reboot of one outlet, and of no other`, async (t) => {
    const { given, outlets, simulator } = await openPduRig(t, style, { offMs: 60 });
    const second = { ...given, plug: "2" };
    assert.equal((await ask(agent, "status", second)).power, "on");
    const off = await ask(agent, "off", second);
    assert.deepEqual([off.ok, off.power, off.said], [true, "off", ["Success: Powered OFF"]]);
    assert.equal((await ask(agent, "status", second)).power, "off");
    assert.deepEqual((await ask(agent, "off", second)).said, ["Success: Already OFF"]);
    assert.equal((await ask(agent, "on", second)).power, "on");
    assert.deepEqual((await ask(agent, "reboot", second)).said, ["Success: Rebooted"]);
    assert.deepEqual(
      outlets.map(({ offCount }) => offCount),
      [0, 2, 0, 0],
    );
    // A reboot by the switch itself would prove nothing: only on and off are ever written.
    assert.equal(simulator.orders.length, 4);
  });

  test(`${style}: the list, with the states`, async (t) => {
    const { given, outlets } = await openPduRig(t, style);
    outlets[2]?.turn("off");
    const listed = await ask(agent, "list-status", { ...given, plug: undefined });
    const unit = style === "apc-msp" ? "1:" : "";
    const lines = listed.said.map((line) => line.split(","));
    assert.deepEqual(
      lines.map(([plug]) => plug),
      [1, 2, 3, 4].map((n) => `${unit}${n}`),
    );
    assert.deepEqual(
      lines.map((parts) => parts.at(-1)),
      ["ON", "ON", "OFF", "ON"],
    );
  });

  test(`${style}: an outlet that is not there is a failure, never off`, async (t) => {
    const { given } = await openPduRig(t, style);
    for (const plug of ["9", "0", "2:1", "nonsense"]) {
      for (const snmp_version of ["1", "2c"]) {
        for (const action of ["status", "off", "reboot"] as const) {
          const answer = await ask(agent, action, { ...given, plug, snmp_version });
          assert.equal(kindOf(answer), "missing", `${plug} ${action}`);
          assert.notEqual(answer.power, "off");
        }
      }
    }
  });
}

test("several outlets: all off, each read back, then all on", async (t) => {
  const { given, outlets, simulator } = await openPduRig(t);
  const both = { ...given, plug: "1,3" };
  assert.equal((await ask(AGENT, "off", both)).power, "off");
  assert.deepEqual(
    outlets.map(({ power }) => power),
    ["off", "on", "off", "on"],
  );
  outlets[0]?.turn("on");
  assert.equal((await ask(AGENT, "status", both)).power, "on", "one of two still feeds");
  assert.equal(kindOf(await ask(AGENT, "reboot", both)), "ok");
  const values = simulator.orders.map((order) => order.split("=")[1]);
  assert.deepEqual(values, ["2", "2", "2", "2", "1", "1"]);
});

test("one of several outlets that stays on keeps the machine on", async (t) => {
  const { given, outlets } = await openPduRig(t);
  const stuck = outlets[2];
  if (stuck !== undefined) stuck.health = "stuck";
  const answer = await ask(AGENT, "off", { ...given, plug: "1,3", power_timeout: "1" });
  assert.deepEqual([kindOf(answer), answer.power], ["not-reached", "unknown"]);
  assert.equal(outlets[0]?.power, "off", "what can be off is off");
});

test("outlets by name; a name that two have is refused", async (t) => {
  const { given, outlets } = await openPduRig(t);
  assert.equal((await ask(AGENT, "off", { ...given, plug: "Outlet 4" })).power, "off");
  assert.deepEqual(
    outlets.map(({ power }) => power),
    ["on", "on", "on", "off"],
  );
  assert.equal(kindOf(await ask(AGENT, "off", { ...given, plug: "Outlet" })), "missing");

  const twins = [createChassis(), createChassis()];
  const { objects, sysObjectId } = PDU_STYLES["apc-rpdu"];
  const named = objects.filter(({ role }) => role === "name");
  const again = named.map((one) => ({ ...one, oid: (n: number) => `${one.oid(n)}0` }));
  const double = await openSnmpSimulator({
    style: { sysObjectId, objects: [...objects, ...again] },
    outlets: twins,
    community: CANARY,
  });
  t.after(() => double.close());
  const answer = await ask(AGENT, "off", { ...given, ipport: String(double.port), plug: "Outlet 1" });
  assert.equal(kindOf(answer), "usage");
  assert.equal(twins[0]?.power, "on");
});

test("an APC of the new tree is switched in it; with the old one only, in that", async (t) => {
  const fresh = await openPduRig(t, "apc-rpdu2");
  await ask(AGENT, "off", fresh.given);
  assert.match(fresh.simulator.orders.join(), /\.318\.1\.1\.26\.9\.2\.4\.1\.5\.1=2$/);
  const chassis = createChassis();
  const old = await openSnmpSimulator({
    style: {
      sysObjectId: PDU_STYLES["apc-rpdu2"].sysObjectId,
      objects: PDU_STYLES["apc-rpdu"].objects,
    },
    outlets: [chassis],
    community: CANARY,
  });
  t.after(() => old.close());
  for (const snmp_version of ["1", "2c"]) {
    chassis.turn("on");
    await ask(AGENT, "off", { ...fresh.given, ipport: String(old.port), snmp_version });
    assert.equal(chassis.power, "off");
  }
});

test("an Eaton agent leaves a device alone that is no Eaton", async (t) => {
  const { given, simulator } = await openPduRig(t, "apc-rpdu");
  assert.equal(kindOf(await ask("fence_eaton_snmp", "off", given)), "unsupported");
  assert.deepEqual(simulator.orders, []);
});

test("version 3: off with authentication and privacy; wrong accounts switch nothing", async (t) => {
  const { given, v3, chassis } = await openPduRig(t);
  const account = { ...given, ...v3 };
  const quick = { ...account, shell_timeout: "1" };
  for (const more of [
    { password: "another-password" },
    { snmp_priv_passwd: "another-password" },
    { username: "nobody" },
    { snmp_priv_passwd: undefined },
    { password: undefined, snmp_priv_passwd: undefined },
  ]) {
    const answer = await ask(AGENT, "off", { ...quick, ...more });
    assert.equal(answer.ok, false, JSON.stringify(more));
    assert.notEqual(answer.power, "off");
  }
  assert.equal(kindOf(await ask(AGENT, "off", { ...quick, username: "nobody" })), "credentials");
  assert.equal(kindOf(await ask(AGENT, "off", { ...quick, password: "short" })), "usage");
  assert.equal(kindOf(await ask(AGENT, "off", { ...quick, snmp_priv_prot: "DES" })), "unsupported");
  assert.equal(chassis.offCount, 0);
  assert.equal((await ask(AGENT, "off", account)).power, "off");
  assert.equal((await ask(AGENT, "reboot", account)).power, "on");
});

test("a set is no proof: a switch that says yes and does nothing", async (t) => {
  const { given, simulator, chassis } = await openPduRig(t);
  simulator.misbehave({ type: "lies" });
  const answer = await ask(AGENT, "off", { ...given, power_timeout: "1" });
  assert.deepEqual([kindOf(answer), answer.power, chassis.power], ["not-reached", "unknown", "on"]);
});

test("states that no manual knows are neither", async (t) => {
  const { given, simulator } = await openPduRig(t);
  for (const value of [0, 3, -1, 255, 2 ** 31 - 1]) {
    simulator.misbehave({ type: "odd-state", value });
    const answer = await ask(AGENT, "status", given);
    assert.deepEqual([kindOf(answer), answer.power], ["not-reached", "unknown"], String(value));
  }
});

test("an account that may only look is named as that, in both versions", async (t) => {
  const { given, simulator, chassis } = await openPduRig(t);
  simulator.misbehave({ type: "read-only" });
  for (const snmp_version of ["1", "2c"]) {
    const answer = await ask(AGENT, "off", { ...given, snmp_version });
    assert.equal(kindOf(answer), "privilege");
  }
  assert.equal(chassis.power, "on");
});

test("lost and repeated answers do no harm", async (t) => {
  const { given, simulator, chassis } = await openPduRig(t);
  simulator.misbehave({ type: "repeats", times: 3 });
  assert.equal((await ask(AGENT, "off", given)).power, "off");
  simulator.misbehave({ type: "loses", count: 2 });
  assert.equal((await ask(AGENT, "on", given)).power, "on");
  assert.equal(chassis.onCount, 1);
});

test("silence, a switch that goes away, and nobody there: different, in time", async (t) => {
  const { given, simulator, chassis } = await openPduRig(t);
  const quick = { ...given, shell_timeout: "1" };
  simulator.misbehave({ type: "silent" });
  assert.equal(kindOf(await ask(AGENT, "off", quick)), "timeout");
  // sysObjectID, the presence, the state, and then the order gets no answer, nor does any look.
  simulator.misbehave({ type: "drops", after: 3 });
  const gone = await ask(AGENT, "off", { ...quick, power_timeout: "1" });
  assert.deepEqual([kindOf(gone), gone.power], ["timeout", "unknown"]);
  assert.equal(chassis.power, "off", "it did it, and nobody saw it");
  simulator.misbehave({ type: "slow", ms: 300 });
  assert.equal((await ask(AGENT, "status", given)).power, "off");
  const nobody = { ...given, ipport: String(await deadPort()) };
  assert.equal(kindOf(await ask(AGENT, "off", nobody)), "unreachable");
  assert.equal(kindOf(await ask(AGENT, "off", { ...given, ip: "no.such.name.invalid" })), "address");
  assert.equal(kindOf(await ask(AGENT, "off", { ...quick, community: "other" })), "timeout");
});

test("called off: it ends at its deadline", async (t) => {
  const { given, simulator } = await openPduRig(t);
  simulator.misbehave({ type: "silent" });
  const startedAt = performance.now();
  const answer = await ask(AGENT, "off", given, { budgetMs: 300 });
  assert.equal(answer.ok, false);
  assert.ok(performance.now() - startedAt < 2_000);
});

test("nonsense of every kind is no state", async (t) => {
  const heads = ["", "30", "3082ffff", "30820000", "30050201010400", "308080808080", "a0", "ffffffffffff"];
  const long = Buffer.alloc(9_000, 0x30).toString("hex");
  await Promise.all(
    [...heads, long].map(async (hex) => {
      const { given, simulator } = await openPduRig(t);
      simulator.misbehave({ type: "garbage", bytes: Buffer.from(hex, "hex") });
      const answer = await ask(AGENT, "off", { ...given, shell_timeout: "1" });
      assert.equal(kindOf(answer), "timeout", hex);
    }),
  );
});

test("one bit of an answer turned over: never off, never a crash", { timeout: 60_000 }, async (t) => {
  const bits = Array.from({ length: 80 }, (_, at) => at * 5);
  for (const version of ["2c", "3"] as const) {
    await Promise.all(
      bits.map(async (at) => {
        const { given, v3, simulator } = await openPduRig(t);
        simulator.misbehave({ type: "bit-rot", at });
        const account = version === "3" ? { ...given, ...v3 } : given;
        const answer = await ask(AGENT, "status", { ...account, shell_timeout: "1" });
        assert.notEqual(answer.power, "off", `bit ${at}`);
      }),
    );
  }
});

test("an answer from somebody else is not heard, however right it is", async (t) => {
  const { given } = await openPduRig(t);
  const [front, inside, stranger] = [await udp(t), await udp(t), await udp(t)];
  let client = 0;
  let answers = 0;
  front.on("message", (bytes, from) => {
    client = from.port;
    inside.send(bytes, Number(given["ipport"]), "127.0.0.1");
  });
  inside.on("message", (bytes) => {
    answers += 1;
    stranger.send(bytes, client, "127.0.0.1");
  });
  const ipport = String(front.address().port);
  const answer = await ask(AGENT, "status", { ...given, ipport, shell_timeout: "1" });
  assert.equal(kindOf(answer), "timeout");
  assert.ok(answers > 0, "it was answered");
});

async function udp(t: TestContext): Promise<Socket> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  t.after(() => socket.close());
  return socket;
}

test("no text tells a community, a password or the privacy's", async (t) => {
  const { given, v3, simulator } = await openPduRig(t);
  const answers = [];
  for (const account of [given, { ...given, ...v3 }]) {
    for (const fault of ["none", "silent", "lies", "read-only"] as const) {
      simulator.misbehave({ type: fault });
      const more = { shell_timeout: "1", power_timeout: "1" };
      answers.push(await ask(AGENT, "reboot", { ...account, ...more }));
    }
  }
  assert.equal(answers.length, 8);
  assert.ok(!JSON.stringify(answers).includes(PRIVACY));
});
