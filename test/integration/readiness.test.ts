/**
 * Real daemons with built-in agents, no executable: what they find out about
 * their fence devices, what they tell one another, and that no password is in anything that they say.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Chassis, createChassis } from "../../src/bmc/chassis/chassis.ts";
import { openIpmiSimulator } from "../../src/bmc/ipmi/simulator.ts";
import { openRedfishSimulator } from "../../src/bmc/redfish/simulator.ts";
import { REDFISH_STYLES } from "../../src/bmc/redfish/style.ts";
import { untilStatus } from "../../src/demo/follow.ts";
import { createRig, type Daemon, type Rig } from "./daemon-rig.ts";

/** Has everything that some form of writing has to replace. */
const CANARY = 'c4n&ry"51<';
const SCRIPTED = "sc4nary-7d";
const LOGIN = "admin";
const PATIENCE_MS = 60_000;

/** What the controllers of the nodes say of themselves: the third one's is the second's. */
const SERIALS = { n1: "CZJ2080131", n2: "CZJ2080132", n3: "CZJ2080133" } as const;

interface Cluster {
  readonly rig: Rig;
  readonly daemons: readonly [Daemon, Daemon];
  readonly chassis: { readonly n2: Chassis; readonly n3: Chassis };
}

async function deadPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Two daemons of three; n2 by IPMI with a scripted password, n3 by Redfish with a written one. */
async function openCluster(t: TestContext, changes: { readonly password?: string } = {}): Promise<Cluster> {
  const rig = createRig(t);
  const chassis = { n1: createChassis(), n2: createChassis(), n3: createChassis() };
  const ipmi = (node: "n1" | "n2") =>
    openIpmiSimulator({
      chassis: chassis[node],
      login: { user: LOGIN, password: SCRIPTED },
      serial: SERIALS[node],
      guidHex: "00000000000000000000000000000000",
    });
  const [one, two] = await Promise.all([ipmi("n1"), ipmi("n2")]);
  const style = { ...REDFISH_STYLES.ilo5, serial: SERIALS.n2, uuid: "junk" };
  const three = await openRedfishSimulator({
    style,
    chassis: chassis.n3,
    login: { user: LOGIN, password: CANARY },
  });
  t.after(async () => {
    for (const each of Object.values(chassis)) each.close();
    await Promise.all([one.close(), two.close(), three.close()]);
  });
  const script = join(rig.directory, "password");
  writeFileSync(script, `#!/bin/sh\necho '${SCRIPTED}'\n`);
  chmodSync(script, 0o700);
  for (const [node, serial] of Object.entries(SERIALS)) {
    mkdirSync(join(rig.directory, `dmi-${node}`));
    writeFileSync(join(rig.directory, `dmi-${node}`, "product_serial"), `${serial}\n`);
  }
  const escaped = (changes.password ?? CANARY)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");
  const at = (port: number): string => `ipaddr="127.0.0.1" ipport="${port}" login="${LOGIN}"`;
  const node = (name: string, id: number, devices: string): string =>
    `<clusternode name="${name}" nodeid="${id}"><fence>${devices}</fence></clusternode>`;
  const method = (name: string): string => `<method name="${name}"><device name="${name}"/></method>`;
  writeFileSync(
    rig.configPath,
    `<?xml version="1.0"?>
<cluster name="rig" config_version="1">
  <fence_daemon clean_start="1" check_interval="5"/>
  <clusternodes>
    ${node("n1", 1, method("ilo1"))}
    ${node("n2", 2, method("ilo2") + method("nobody"))}
    ${node("n3", 3, method("ilo3"))}
  </clusternodes>
  <fencedevices>
    <fencedevice agent="fence_ilo4" name="ilo1" ${at(one.port)} passwd_script="${script}"/>
    <fencedevice agent="fence_ilo4" name="ilo2" ${at(two.port)} passwd_script="${script}"/>
    <fencedevice agent="fence_redfish" name="ilo3" ${at(three.port)} passwd="${escaped}" ssl_insecure="1"/>
    <fencedevice agent="fence_redfish" name="nobody" ${at(await deadPort())} passwd="${escaped}" ssl_insecure="1"/>
  </fencedevices>
</cluster>
`,
  );
  await rig.openHub();
  const daemons = ["n1", "n2"].map((name) =>
    rig.run([...rig.args(name), "--join", "--log-level", "debug"], {
      socket: rig.socket(name),
      env: { BOUNCER_DMI: join(rig.directory, `dmi-${name}`) },
    }),
  ) as [Daemon, Daemon];
  for (const daemon of daemons) await daemon.says("listens on");
  await Promise.all(daemons.map((daemon) => daemon.client.wait({ for: "open", timeout: 60 })));
  return { rig, daemons, chassis };
}

function until(rig: Rig, node: string, what: string, words: string): Promise<unknown> {
  const holds = (status: { readonly warnings: readonly string[] }) =>
    status.warnings.some((one) => one.includes(words));
  return untilStatus({ socket: rig.socket(node), what, holds, timeoutMs: PATIENCE_MS });
}

/** Everything that the daemons have said to anybody, on disk or not. */
async function saidBy({ rig, daemons }: Cluster): Promise<string> {
  const answers: string[] = [];
  for (const { client, process } of daemons) {
    process.kill("SIGUSR1");
    const { status, readiness, agents, why, config } = client;
    answers.push(JSON.stringify(await Promise.all([status(), readiness(), agents(), why(), config()])));
    for (const name of ["n1", "n2", "n3"]) answers.push(JSON.stringify(await client.check({ name })));
    answers.push(await client.text("metrics"), await client.text("flight"));
  }
  await Promise.all(daemons.map((daemon) => daemon.says("flight record:")));
  for (const node of ["n1", "n2"]) {
    const folder = rig.stateDir(node);
    for (const file of readdirSync(folder).filter((name) => name.startsWith("flight-"))) {
      answers.push(readFileSync(join(folder, file), "utf8"));
    }
  }
  for (const daemon of daemons) {
    daemon.process.kill("SIGKILL");
    const { stdout, stderr } = await daemon.ended;
    answers.push(stdout, stderr);
  }
  return answers.join("\n");
}

const FORMS = [CANARY, SCRIPTED].flatMap((secret) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(`${LOGIN}:${secret}`).toString("base64").replace(/=+$/, ""),
  secret.replaceAll("&", "&amp;"),
]);

test("members see their devices, whose they are and what is wrong, and tell one another; no password is told", {
  timeout: 2 * PATIENCE_MS,
}, async (t) => {
  const cluster = await openCluster(t);
  const { rig, daemons, chassis } = cluster;
  const [one, two] = daemons;
  await until(rig, "n1", "the dead port is noticed", "n1 could not fence n2 with nobody: unreachable: ");
  await until(
    rig,
    "n1",
    "the third device is the second's",
    "ilo3 is not n3's, it is n2's (serial CZJ2080132)",
  );
  await until(rig, "n2", "it sees that as well", "ilo3 is not n3's, it is n2's (serial CZJ2080132)");
  await until(rig, "n1", "nobody can fence n3", "no member could fence n3 now");

  const seen = await one.client.readiness();
  const device = (node: string, name: string) =>
    seen.nodes.find((each) => each.node === node)?.devices.find((each) => each.deviceName === name);
  assert.deepEqual([device("n2", "ilo2")?.verdict, device("n3", "ilo3")?.verdict], ["own", "other"]);
  assert.equal(device("n2", "ilo2")?.identity?.serial, SERIALS.n2);
  const cells = (node: string, name: string) =>
    device(node, name)?.cells.map(({ from, standing, power }) => `${from} ${standing} ${power}`);
  assert.deepEqual(cells("n1", "ilo1"), ["n2 ready on"]);
  assert.deepEqual(cells("n2", "ilo2"), ["n1 ready on"]);
  assert.deepEqual(cells("n3", "ilo3"), ["n1 failing on", "n2 failing on"]);
  const predictions = seen.nodes.map(({ prediction }) => prediction.type);
  assert.deepEqual(predictions, ["after", "after", "never"]);

  // The device that is another's is not used, also when a person asks.
  const shot = await one.client.fence({ name: "n3", by: "test" });
  assert.equal(shot.outcome, "failed");
  assert.match(JSON.stringify(shot.steps), /not used: ilo3 is not n3's/);
  assert.deepEqual([chassis.n2.offCount, chassis.n3.offCount], [0, 0]);

  const agents = (await two.client.agents()).agents;
  assert.deepEqual(
    agents.map(({ agent, used, devices }) => `${agent} ${used} ${devices.join()}`),
    ["fence_ilo4 builtin ilo1,ilo2", "fence_redfish builtin nobody,ilo3"],
  );
  const metrics = await one.client.text("metrics");
  assert.match(metrics, /^bouncer_device_ready\{node="n2",method="ilo2",device="ilo2"\} 1$/m);
  assert.match(metrics, /^bouncer_device_identity_wrong\{node="n3",method="ilo3",device="ilo3"\} 1$/m);

  const said = await saidBy(cluster);
  assert.match(said, /error ilo3 is not n3's, it is n2's/);
  for (const form of FORMS) assert.ok(!said.includes(form), `"${form}" was told`);
});

test("a wrong password is told apart from a device that nobody answers for, and is in no text", {
  timeout: 2 * PATIENCE_MS,
}, async (t) => {
  const wrong = 'wr0ng&"<4n';
  const cluster = await openCluster(t, { password: wrong });
  await until(cluster.rig, "n1", "credentials", "n1 could not fence n3 with ilo3: credentials: ");
  await until(cluster.rig, "n1", "unreachable", "n1 could not fence n2 with nobody: unreachable: ");
  const shot = await cluster.daemons[0].client.fence({ name: "n3", by: "test" });
  assert.equal(shot.outcome, "failed");
  assert.match(JSON.stringify(shot.steps), /credentials: /);
  assert.equal(cluster.chassis.n3.offCount, 0);
  const said = await saidBy(cluster);
  for (const form of [
    wrong,
    Buffer.from(`${LOGIN}:${wrong}`).toString("base64").replace(/=+$/, ""),
    ...FORMS,
  ]) {
    assert.ok(!said.includes(form), `"${form}" was told`);
  }
});
