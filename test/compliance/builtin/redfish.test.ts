/** fence_redfish, built in, against simulated controllers of every style. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Chassis, type ChassisOptions, createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { systemPath } from "../../../src/bmc/redfish/resources.ts";
import { openRedfishSimulator, type RedfishSimulator } from "../../../src/bmc/redfish/simulator.ts";
import { REDFISH_STYLES, type RedfishStyleName } from "../../../src/bmc/redfish/style.ts";
import { ask, CANARY, deadPort, type Given, kindOf, LOGIN } from "./ask.ts";

const OPTIONS = { timeout: 60_000 };
const NAME = "fence_redfish";

interface Controller {
  readonly bmc: RedfishSimulator;
  readonly chassis: Chassis;
  /** Parameters that reach it. */
  readonly given: Given;
}

async function openController(
  t: TestContext,
  style: RedfishStyleName,
  options: ChassisOptions & { readonly sessionsMax?: number; readonly key?: "weak" } = {},
): Promise<Controller> {
  const chassis = createChassis(options);
  const { sessionsMax = 2, key = "usual" } = options;
  const bmc = await openRedfishSimulator({
    style: REDFISH_STYLES[style],
    chassis,
    login: LOGIN,
    sessionsMax,
    key,
  });
  t.after(async () => {
    chassis.close();
    await bmc.close();
  });
  const { systems, machine } = REDFISH_STYLES[style];
  const several = systems.length > 1 ? { systems_uri: systemPath(machine) } : {};
  const { user: username, password } = LOGIN;
  const given = { ip: bmc.host, ipport: String(bmc.port), username, password, ssl_insecure: "1", ...several };
  return { bmc, chassis, given };
}

for (const style of Object.keys(REDFISH_STYLES) as RedfishStyleName[]) {
  for (const redfish_auth of ["basic", "session"] as const) {
    test(
      `${style}, ${redfish_auth}: every action, and the machine does what was said`,
      OPTIONS,
      async (t) => {
        const { bmc, chassis, given } = await openController(t, style, { offMs: 60 });
        const said = async (action: "status" | "off" | "on" | "reboot" | "monitor" | "diag") => {
          const answer = await ask(NAME, action, { ...given, redfish_auth });
          if (answer.ok && answer.power === "off") assert.equal(chassis.power, "off");
          assert.equal(bmc.sessions.count, 0, "a session was left behind");
          return answer.ok ? answer.said.join() : answer.problem.detail;
        };
        assert.equal(await said("status"), "Status: ON");
        assert.equal(await said("on"), "Success: Already ON");
        assert.equal(await said("off"), "Success: Powered OFF");
        assert.equal(await said("off"), "Success: Already OFF");
        assert.equal(await said("status"), "Status: OFF");
        assert.equal(await said("monitor"), "");
        assert.equal(await said("on"), "Success: Powered ON");
        assert.equal(await said("diag"), "Success: Rebooted");
        assert.equal(await said("reboot"), "Success: Rebooted");
        assert.deepEqual([chassis.offCount, chassis.onCount], [2, 2]);
        assert.deepEqual([...bmc.orders], ["ForceOff", "On", "Nmi", "ForceOff", "On"]);
        assert.equal(bmc.sessions.opened, redfish_auth === "session" ? 9 : 0);
      },
    );
  }
}

test("with several systems one has to be named: guessing would fence another machine", OPTIONS, async (t) => {
  const { bmc, given } = await openController(t, "multi");
  const answer = await ask(NAME, "off", { ...given, systems_uri: undefined });
  assert.equal(kindOf(answer), "usage");
  assert.match(answer.ok ? "" : answer.problem.detail, /systems_uri: .*System_0, .*HGX_Baseboard_0/);
  assert.deepEqual([...bmc.orders], []);
});

test("who it is", OPTIONS, async (t) => {
  const { given } = await openController(t, "ilo5");
  const answer = await ask(NAME, "status", given, { identity: "ask" });
  const { serial, uuid, manufacturer, model } = REDFISH_STYLES.ilo5;
  assert.deepEqual(answer.identity, { serial, uuids: [uuid], product: `${manufacturer} ${model}` });
});

test("a system that is changing is neither on nor off", OPTIONS, async (t) => {
  const { chassis, given } = await openController(t, "openbmc", { offMs: 10_000 });
  chassis.turn("off");
  assert.equal(chassis.power, "powering-off");
  const status = await ask(NAME, "status", given);
  assert.deepEqual([kindOf(status), status.power], ["not-reached", "unknown"]);
});

test("an off that was refused while the system came up is sent again", OPTIONS, async (t) => {
  const { bmc, chassis, given } = await openController(t, "openbmc", { power: "off", onMs: 300 });
  chassis.turn("on");
  const answer = await ask(NAME, "off", given);
  assert.deepEqual([kindOf(answer), chassis.power], ["ok", "off"]);
  assert.ok(bmc.orders.length >= 2 && bmc.orders.every((type) => type === "ForceOff"));
});

test("each thing that goes wrong has a name of its own", OPTIONS, async (t) => {
  const { bmc, chassis, given } = await openController(t, "idrac9", { sessionsMax: 1 });
  const kind = async (more: Given, budgetMs?: number) =>
    kindOf(await ask(NAME, "off", { ...given, ...more }, budgetMs === undefined ? {} : { budgetMs }));
  for (const redfish_auth of ["basic", "session"]) {
    assert.equal(await kind({ redfish_auth, password: "wrong" }), "credentials");
  }
  bmc.misbehave({ type: "no-basic" });
  const only = await ask(NAME, "status", given);
  assert.match(only.ok ? "" : only.problem.detail, /redfish_auth=session/);
  assert.equal(kindOf(await ask(NAME, "status", { ...given, redfish_auth: "session" })), "ok");
  bmc.misbehave({ type: "none" });
  bmc.sessions.open();
  assert.equal(await kind({ redfish_auth: "session" }), "sessions-full");
  bmc.sessions.forget();
  bmc.misbehave({ type: "no-privilege" });
  assert.equal(await kind({}), "privilege");
  bmc.misbehave({ type: "busy" });
  assert.equal(await kind({}), "refused");
  bmc.misbehave({ type: "drops" });
  assert.equal(await kind({}), "lost");
  bmc.misbehave({ type: "silent" });
  assert.equal(await kind({ shell_timeout: "1" }), "timeout");
  assert.equal(await kind({}, 300), "timeout");
  bmc.misbehave({ type: "none" });
  assert.equal(await kind({ ipport: String(await deadPort()) }), "unreachable");
  assert.equal(await kind({ ip: "no-such-name.invalid" }), "address");
  assert.equal(await kind({ systems_uri: "/redfish/v1/Systems/9" }), "missing");
  assert.equal(await kind({ redfish_uri: "/redfish/v7" }), "missing");
  assert.equal(await kind({ systems_uri: "https://elsewhere.example/" }), "usage");
  assert.equal(await kind({ username: "a:b" }), "usage");
  assert.deepEqual([chassis.offCount, bmc.sessions.count], [0, 0]);
});

test("the certificate: pinned, of one's own authority, another one", OPTIONS, async (t) => {
  const { bmc, given } = await openController(t, "ilo5");
  const kind = async (more: Given) =>
    kindOf(await ask(NAME, "status", { ...given, ssl_insecure: undefined, ...more }));
  assert.equal(await kind({}), "certificate");
  const pinned = { ssl_fingerprint: bmc.fingerprint };
  const authority = { ssl_ca: bmc.certificate.replaceAll("\n", " ") };
  assert.equal(await kind(pinned), "ok");
  assert.equal(await kind(authority), "ok");
  await bmc.renewCertificate();
  assert.equal(await kind(pinned), "certificate");
  assert.equal(await kind(authority), "certificate");
});

test("a key that is too short is taken from whom is known by a pin, or by nothing", OPTIONS, async (t) => {
  const { bmc, given } = await openController(t, "ilo5", { key: "weak" });
  const kind = async (more: Given) =>
    kindOf(await ask(NAME, "status", { ...given, ssl_insecure: undefined, ...more }));
  assert.equal(await kind({ ssl_insecure: "1" }), "ok");
  assert.equal(await kind({ ssl_fingerprint: bmc.fingerprint }), "ok");
  assert.notEqual(await kind({ ssl_ca: bmc.certificate }), "ok");
});

test("a controller that takes its time for each answer is waited for", OPTIONS, async (t) => {
  const { bmc, chassis, given } = await openController(t, "idrac9");
  bmc.misbehave({ type: "slow", ms: 100 });
  assert.equal(kindOf(await ask(NAME, "off", given)), "ok");
  assert.equal(chassis.power, "off");
});

test("a controller that lies is not believed", OPTIONS, async (t) => {
  const { bmc, chassis, given } = await openController(t, "ilo5");
  bmc.misbehave({ type: "lies" });
  const answer = await ask(NAME, "off", { ...given, power_timeout: "1" });
  assert.deepEqual([kindOf(answer), chassis.power], ["not-reached", "on"]);
});

test("a session that the controller forgot is opened anew, and given back", OPTIONS, async (t) => {
  const { bmc, chassis, given } = await openController(t, "openbmc", { offMs: 400 });
  const off = ask(NAME, "off", { ...given, redfish_auth: "session" });
  while (chassis.power !== "powering-off") await new Promise((resolve) => setImmediate(resolve));
  bmc.sessions.forget();
  assert.equal(kindOf(await off), "ok");
  assert.deepEqual([bmc.sessions.opened, bmc.sessions.count], [2, 0]);
});

test("a session is given back also when the time is over", OPTIONS, async (t) => {
  const { bmc, given } = await openController(t, "openbmc", { offMs: 60_000 });
  const answer = await ask(NAME, "off", { ...given, redfish_auth: "session" }, { budgetMs: 700 });
  assert.equal(answer.ok, false);
  assert.deepEqual([bmc.sessions.opened, bmc.sessions.count], [1, 0]);
});

test(
  "nonsense instead of an answer is no state, and a complaint that repeats the password is cleaned",
  OPTIONS,
  async (t) => {
    const { bmc, chassis, given } = await openController(t, "idrac9");
    const echo = JSON.stringify({
      error: { "@Message.ExtendedInfo": [{ MessageId: "X", Message: `bad: ${CANARY}` }] },
    });
    const off = '{"PowerState":"Off"';
    const bodies = [
      "",
      "Off",
      "[]",
      "null",
      '"Off"',
      off,
      `${off},}`,
      `[${off}}]`,
      "[".repeat(500_000),
      " ".repeat(2_000_000),
      echo,
    ];
    for (const status of [200, 400, 302, 500]) {
      for (const body of bodies) {
        bmc.misbehave({ type: "garbage", status, body });
        const answer = await ask(NAME, "off", {
          ...given,
          systems_uri: "/redfish/v1/Systems/System.Embedded.1",
          power_timeout: "1",
        });
        assert.equal(answer.ok, false, `${status} ${body.slice(0, 40)}`);
      }
    }
    assert.equal(chassis.offCount, 0);
  },
);
