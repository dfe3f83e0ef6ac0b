/** fence_ilo and fence_ilo2, built in, against simulated cards. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createRibclDevice } from "../../../src/agents/ribcl/device.ts";
import { type Chassis, type ChassisOptions, createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { RIBCL_MODELS, type RibclModel, type RibclModelName } from "../../../src/bmc/ribcl/model.ts";
import { openRibclSimulator, type RibclSimulator } from "../../../src/bmc/ribcl/simulator.ts";
import { ask, CANARY, deadPort, type Given, kindOf, LOGIN } from "./ask.ts";

const OPTIONS = { timeout: 60_000 };

interface Card {
  readonly card: RibclSimulator;
  readonly chassis: Chassis;
  /** Parameters that reach it. */
  readonly given: Given;
}

async function openCard(
  t: TestContext,
  name: RibclModelName,
  { changes = {}, ...options }: ChassisOptions & { readonly changes?: Partial<RibclModel> } = {},
): Promise<Card> {
  const chassis = createChassis(options);
  const model = { ...RIBCL_MODELS[name], ...changes };
  const card = await openRibclSimulator({ model, chassis, login: LOGIN });
  t.after(async () => {
    chassis.close();
    await card.close();
  });
  const { user: username, password } = LOGIN;
  return {
    card,
    chassis,
    given: { ip: card.host, ipport: String(card.port), username, password, ssl_insecure: "1" },
  };
}

for (const model of Object.keys(RIBCL_MODELS) as RibclModelName[]) {
  test(`${model}: every action, and the machine does what was said`, OPTIONS, async (t) => {
    const { card, chassis, given } = await openCard(t, model, { offMs: 80 });
    const said = async (action: "status" | "off" | "on" | "reboot" | "monitor") => {
      const answer = await ask("fence_ilo2", action, given);
      if (answer.ok && answer.power === "off") assert.equal(chassis.power, "off");
      return answer.ok ? answer.said.join() : answer.problem.detail;
    };
    assert.equal(await said("status"), "Status: ON");
    assert.equal(await said("on"), "Success: Already ON");
    assert.equal(await said("off"), "Success: Powered OFF");
    assert.equal(await said("off"), "Success: Already OFF");
    assert.equal(await said("status"), "Status: OFF");
    assert.equal(await said("monitor"), "");
    assert.equal(await said("on"), "Success: Powered ON");
    assert.equal(await said("reboot"), "Success: Rebooted");
    assert.deepEqual([chassis.offCount, chassis.onCount], [2, 2]);
    // Nothing that does the opposite when it is repeated.
    assert.ok(card.commands.length > 0);
    assert.ok(
      card.commands.every((command) => !/TOGGLE|PRESS/.test(command)),
      card.commands.join(),
    );
  });
}

test("who it is", OPTIONS, async (t) => {
  const { given } = await openCard(t, "ilo1");
  const answer = await ask("fence_ilo", "status", given, { identity: "ask" });
  assert.deepEqual(answer.identity, {
    serial: RIBCL_MODELS.ilo1.serial,
    uuids: [RIBCL_MODELS.ilo1.uuid.toLowerCase()],
    product: "iLO",
  });
});

test("each thing that goes wrong has a name of its own", OPTIONS, async (t) => {
  const { card, chassis, given } = await openCard(t, "ilo2");
  const kind = async (more: Given, budgetMs?: number) =>
    kindOf(await ask("fence_ilo2", "off", { ...given, ...more }, budgetMs === undefined ? {} : { budgetMs }));
  assert.equal(await kind({ password: "wrong" }), "credentials");
  card.misbehave({ type: "refuses-login", connection: "open" });
  assert.equal(await kind({}), "credentials");
  card.misbehave({ type: "no-privilege" });
  assert.equal(await kind({}), "privilege");
  card.misbehave({ type: "silent" });
  assert.equal(await kind({ login_timeout: "1" }), "timeout");
  assert.equal(await kind({}, 300), "timeout");
  card.misbehave({ type: "none" });
  assert.equal(await kind({ ipport: String(await deadPort()) }), "unreachable");
  assert.equal(await kind({ ip: "no-such-name.invalid" }), "address");
  assert.equal(await kind({ ssl_insecure: undefined }), "certificate");
  assert.equal(await kind({ notls: "1" }), "unsupported");
  assert.equal(await kind({ password: "" }), "usage");
  assert.equal(await kind({ password: `${CANARY}\n` }), "usage");
  assert.equal(chassis.offCount, 0);
});

test("the certificate: pinned, another one, an authority of one's own", OPTIONS, async (t) => {
  const { card, given } = await openCard(t, "ilo2");
  const kind = async (more: Given) =>
    kindOf(await ask("fence_ilo2", "status", { ...given, ssl_insecure: undefined, ...more }));
  const pinned = { ssl_fingerprint: card.fingerprint };
  assert.equal(await kind(pinned), "ok");
  await card.renewCertificate();
  assert.equal(await kind(pinned), "certificate");
  assert.equal(await kind({ ...pinned, ssl_insecure: "1" }), "certificate");
});

test("old TLS only where the configuration says that the card is old", OPTIONS, async (t) => {
  const { card, given } = await openCard(t, "ilo1");
  const pinned = { ...given, ssl_insecure: undefined, ssl_fingerprint: card.fingerprint };
  const refused = await ask("fence_ilo", "status", pinned);
  assert.equal(kindOf(refused), "unreachable");
  assert.match(refused.ok ? "" : refused.problem.detail, /tls1\.0=1/);
  assert.equal(kindOf(await ask("fence_ilo", "status", { ...pinned, "tls1.0": "1" })), "ok");
});

test(
  "a card that hangs up on a newer greeting gets an old one, where old TLS is allowed",
  OPTIONS,
  async (t) => {
    const { card, given } = await openCard(t, "ilo1", { changes: { newerGreeting: "hangs-up" } });
    assert.equal(kindOf(await ask("fence_ilo", "status", given)), "ok");
    const pinned = { ...given, ssl_insecure: undefined, ssl_fingerprint: card.fingerprint };
    assert.equal(kindOf(await ask("fence_ilo", "status", pinned)), "lost");
    assert.equal(kindOf(await ask("fence_ilo", "status", { ...pinned, "tls1.0": "1" })), "ok");
  },
);

test("a card that hangs up after any number of answers never makes an off", OPTIONS, async (t) => {
  const { card, chassis, given } = await openCard(t, "ilo2");
  for (let after = 0; after < 8; after++) {
    card.misbehave({ type: "drops", after });
    const status = await ask("fence_ilo2", "status", given);
    if (status.ok) assert.equal(status.power, "on");
    // The reading stands in the fifth document; whether it arrives before the end of the connection is open.
    if (after < 5) assert.equal(status.ok, false, `after ${after}`);
  }
  assert.equal(chassis.offCount, 0);
});

test("a card that takes its time for each answer is waited for", OPTIONS, async (t) => {
  const { card, chassis, given } = await openCard(t, "ilo2");
  card.misbehave({ type: "slow", ms: 30 });
  assert.equal(kindOf(await ask("fence_ilo2", "off", given)), "ok");
  assert.equal(chassis.power, "off");
});

test("a card that lies is not believed", OPTIONS, async (t) => {
  const { card, chassis, given } = await openCard(t, "ilo2");
  card.misbehave({ type: "lies" });
  const answer = await ask("fence_ilo2", "off", { ...given, power_timeout: "1" });
  assert.deepEqual([kindOf(answer), answer.ok ? "" : answer.phase], ["not-reached", "off"]);
  assert.equal(chassis.power, "on");
});

test("nonsense instead of an answer is no state", OPTIONS, async (t) => {
  const { card, chassis, given } = await openCard(t, "ilo2");
  const texts = [
    "",
    "</RIBCL>",
    "OFF",
    '<GET_HOST_POWER HOST_POWER="OFF"/></RIBCL>',
    "<".repeat(9_000),
    "\u0000</RIBCL>",
  ];
  for (const text of texts) {
    for (const from of [0, 4]) {
      card.misbehave({ type: "garbage", bytes: Buffer.from(text), from });
      const answer = await ask(
        "fence_ilo2",
        "off",
        { ...given, login_timeout: "1", shell_timeout: "1" },
        { budgetMs: 800 },
      );
      assert.equal(answer.ok, false, `${JSON.stringify(text.slice(0, 40))} from ${from}`);
    }
  }
  assert.equal(chassis.offCount, 0);
});

test(
  "a button is not held again while it is held: old firmware would take it for a toggle",
  OPTIONS,
  async (t) => {
    const { card, chassis } = await openCard(t, "ilo2-old", { offMs: 200 });
    const context = {
      signal: new AbortController().signal,
      deadline: performance.now() + 30_000,
      identity: "skip" as const,
    };
    const target = {
      host: card.host,
      port: card.port,
      trust: { type: "pin" as const, sha256: card.fingerprint },
      profile: "legacy" as const,
      connectMs: 10_000,
    };
    const device = createRibclDevice(
      { connection: { target, loginMs: 10_000 }, login: LOGIN, patienceMs: 10_000 },
      context,
    );
    for (let order = 0; order < 5; order++)
      assert.deepEqual(await device.set("", "off"), { ok: true, value: undefined });
    await device.close();
    assert.deepEqual(card.commands, ["HOLD_PWR_BTN"]);
    assert.notEqual(chassis.power, "on");
  },
);

test("a card that knows only the button is pressed when it is off, and only then", OPTIONS, async (t) => {
  const { card, chassis, given } = await openCard(t, "riloe", { power: "off" });
  card.misbehave({ type: "knows-not", command: "SET_HOST_POWER" });
  assert.equal(kindOf(await ask("fence_ilo", "on", given)), "ok");
  assert.deepEqual(card.commands, ["PRESS_PWR_BTN"]);
  assert.equal(kindOf(await ask("fence_ilo", "on", given)), "ok");
  assert.deepEqual([card.commands.length, chassis.power], [1, "on"]);
});

test("an iLO 3 or newer is recognised", OPTIONS, async (t) => {
  const { card, given } = await openCard(t, "ilo2");
  card.misbehave({ type: "garbage", bytes: Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), from: 0 });
  const answer = await ask("fence_ilo2", "status", given);
  assert.equal(kindOf(answer), "unsupported");
  assert.match(answer.ok ? "" : answer.problem.detail, /fence_ilo3/);
});
