/** Agents that talk to a card's command line over SSH: states, orders, host keys, faults, nonsense. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { type ChassisOptions, createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { openSmclpSimulator, type SmclpSimulatorOptions } from "../../../src/bmc/smclp/simulator.ts";
import { ask, deadPort, type Given, kindOf, LOGIN } from "./ask.ts";

const ILO = "fence_ilo_ssh";
const OLD =
  "-o KexAlgorithms=+diffie-hellman-group14-sha1 -oHostKeyAlgorithms=+ssh-rsa -o Ciphers=+aes128-cbc -o MACs=+hmac-sha1";

async function openRig(
  t: TestContext,
  options: Partial<SmclpSimulatorOptions> = {},
  chassisOptions: ChassisOptions = {},
) {
  const chassis = createChassis(chassisOptions);
  const simulator = await openSmclpSimulator({ model: "ilo", chassis, login: LOGIN, ...options });
  t.after(async () => {
    chassis.close();
    await simulator.close();
  });
  const given: Given = {
    ip: simulator.host,
    ipport: String(simulator.port),
    username: LOGIN.user,
    password: LOGIN.password,
    ssh: "1",
    power_timeout: "3",
  };
  return { chassis, simulator, given };
}

for (const [agent, model, off] of [
  [ILO, "ilo", "power off hard"],
  ["fence_ilo4_ssh", "ilo", "power off hard"],
  ["fence_ilo_mp", "mp", "stop -f /system1"],
] as const) {
  test(`${agent}: off, status, on, reboot, in one session each`, async (t) => {
    const { given, chassis, simulator } = await openRig(t, { model }, { offMs: 80 });
    assert.equal((await ask(agent, "status", given)).power, "on");
    const done = await ask(agent, "off", given);
    assert.deepEqual([done.said, chassis.power], [["Success: Powered OFF"], "off"]);
    assert.deepEqual((await ask(agent, "off", given)).said, ["Success: Already OFF"]);
    assert.deepEqual((await ask(agent, "on", given)).said, ["Success: Powered ON"]);
    assert.deepEqual((await ask(agent, "reboot", given)).said, ["Success: Rebooted"]);
    assert.equal(chassis.offCount, 2);
    assert.equal(simulator.commands.filter((line) => line === off).length, 2);
    await until(() => simulator.sessions === 0);
  });
}

test("method=cycle is sent once, and proves nothing", async (t) => {
  const { given, chassis } = await openRig(t);
  const answer = await ask(ILO, "reboot", { ...given, method: "cycle" });
  assert.deepEqual([answer.ok && answer.proof, answer.power], ["accepted", "unknown"]);
  assert.equal(chassis.offCount, 1);
});

test("wrong password, nobody there, no such name, not SSH: different", async (t) => {
  const { given, chassis, simulator } = await openRig(t);
  assert.equal(kindOf(await ask(ILO, "off", { ...given, password: "another" })), "credentials");
  assert.equal(kindOf(await ask(ILO, "off", { ...given, username: "nobody" })), "credentials");
  const ipport = String(await deadPort());
  assert.equal(kindOf(await ask(ILO, "off", { ...given, ipport })), "unreachable");
  assert.equal(kindOf(await ask(ILO, "off", { ...given, ip: "no.such.name.invalid" })), "address");
  simulator.misbehave({ type: "sessions-full" });
  assert.equal(kindOf(await ask(ILO, "off", given)), "sessions-full");
  assert.equal(chassis.offCount, 0);
});

test("telnet is left to the executable, and said so", async (t) => {
  const { given } = await openRig(t);
  const answer = await ask(ILO, "off", { ...given, ssh: undefined });
  assert.equal(kindOf(answer), "unsupported");
  assert.match(answer.ok ? "" : answer.problem.detail, /set ssh=1/);
});

test("a host key that is pinned: the right one, another one, one that changed", async (t) => {
  const { given, chassis, simulator } = await openRig(t);
  const pinned = { ...given, ssh_fingerprint: simulator.fingerprint };
  assert.equal((await ask(ILO, "status", pinned)).power, "on");
  await simulator.renewHostKey();
  const changed = await ask(ILO, "off", pinned);
  assert.equal(kindOf(changed), "certificate");
  assert.ok(!changed.ok && changed.problem.detail.includes(simulator.fingerprint), "it says what came");
  assert.equal(chassis.power, "on");
  assert.equal((await ask(ILO, "off", given)).power, "off", "without a pin any is believed");
  assert.equal(kindOf(await ask(ILO, "on", { ...given, ssh_fingerprint: "SHA256:abc" })), "usage");
});

test("old algorithms are spoken when the configuration names them, and only then", async (t) => {
  const { given, chassis } = await openRig(t, { algorithms: "old" });
  const refused = await ask(ILO, "off", given);
  assert.equal(kindOf(refused), "unreachable");
  assert.match(refused.ok ? "" : refused.problem.detail, /an old card needs ssh_options/);
  assert.equal(chassis.power, "on");
  assert.equal((await ask(ILO, "off", { ...given, ssh_options: OLD })).power, "off");
  for (const ssh_options of ["-1 -c blowfish", "-o KexAlgorithms=+none", "-o ProxyCommand=x", "-F file"]) {
    assert.equal(kindOf(await ask(ILO, "on", { ...given, ssh_options })), "unsupported", ssh_options);
  }
});

test("states that are neither: unknown, never off", async (t) => {
  const { given, simulator } = await openRig(t);
  const words = [
    "",
    "enabled but offline",
    "shutting down",
    "off",
    "disabled\r\n    enabledstate=enabled",
    "2",
  ];
  for (const word of words) {
    simulator.misbehave({ type: "odd-state", word });
    const answer = await ask(ILO, "status", given);
    assert.deepEqual([kindOf(answer), answer.power], ["not-reached", "unknown"], word);
  }
});

test("an order that is taken and not carried out, and one that is refused", async (t) => {
  const { given, simulator, chassis } = await openRig(t);
  simulator.misbehave({ type: "lies" });
  assert.equal(kindOf(await ask(ILO, "off", { ...given, power_timeout: "1" })), "not-reached");
  simulator.misbehave({ type: "no-privilege" });
  assert.equal(kindOf(await ask(ILO, "off", given)), "privilege");
  assert.equal(chassis.power, "on");
});

test("silence, slowness, and a card that hangs up in the middle", async (t) => {
  const { given, simulator, chassis } = await openRig(t);
  const quick = { ...given, shell_timeout: "1", power_timeout: "1" };
  simulator.misbehave({ type: "silent" });
  assert.equal(kindOf(await ask(ILO, "off", quick)), "timeout");
  simulator.misbehave({ type: "slow", ms: 200 });
  assert.equal((await ask(ILO, "status", given)).power, "on");
  // The greeting and the state are said, the order is done, and its answer never comes.
  simulator.misbehave({ type: "drops", after: 2 });
  const answer = await ask(ILO, "off", { ...given, power_timeout: "3" });
  assert.equal(chassis.power, "off");
  assert.ok(answer.power === "off" ? answer.ok : !answer.ok, "what it says is what it saw");
  for (const after of [0, 1]) {
    chassis.turn("on");
    simulator.misbehave({ type: "drops", after });
    const early = await ask(ILO, "off", given);
    assert.deepEqual([kindOf(early), chassis.power], ["lost", "on"]);
  }
});

test("a card that does not stop to print is stopped, and nonsense is unknown", async (t) => {
  const { given, simulator } = await openRig(t);
  simulator.misbehave({ type: "floods" });
  assert.equal(kindOf(await ask(ILO, "off", given)), "protocol");
  const nonsense = [
    "",
    "enabledstate",
    "enabledstate=",
    "EnabledState = Disabledx",
    "\u0000\u00ff",
    "status=2",
    "\u001b[31m",
  ];
  for (const text of nonsense) {
    simulator.misbehave({ type: "garbage", bytes: Buffer.from(text, "latin1") });
    const answer = await ask(ILO, "status", given);
    assert.equal(answer.ok, false, text);
    assert.notEqual(answer.power, "off");
  }
});

test("what listens there and speaks no SSH", async (t) => {
  for (const greeting of [
    "",
    "HTTP/1.1 400 no\r\n\r\n",
    "SSH-1.5-old\r\n",
    "SSH-2.0-x\r\n\u0000\u0000\u0000\u0005junk",
    "\u00ff".repeat(5_000),
  ]) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      if (greeting === "") socket.destroy();
      else socket.end(Buffer.from(greeting, "latin1"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    const given = {
      ip: "127.0.0.1",
      ipport: String(port),
      username: "a",
      password: LOGIN.password,
      ssh: "1",
    };
    const answer = await ask(ILO, "off", { ...given, login_timeout: "1" });
    assert.ok(["lost", "unreachable", "timeout"].includes(kindOf(answer)), `${greeting}: ${kindOf(answer)}`);
  }
});

test("called off: it ends at its deadline", async (t) => {
  const { given, simulator } = await openRig(t);
  simulator.misbehave({ type: "silent" });
  const startedAt = performance.now();
  assert.equal((await ask(ILO, "off", given, { budgetMs: 300 })).ok, false);
  assert.ok(performance.now() - startedAt < 2_000);
});

/** Units: ms. */
const UNTIL_MS_MAX = 5_000;
async function until(holds: () => boolean): Promise<void> {
  const endAt = performance.now() + UNTIL_MS_MAX;
  while (!holds()) {
    assert.ok(performance.now() < endAt, "it did not come about");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
