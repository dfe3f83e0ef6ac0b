/** Real daemons on the loopback engine: joining, leaving, signals, deaf readers, flight records. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bootState } from "../../src/core/boot.ts";
import { step } from "../../src/core/step.ts";
import { readFlight, replayLines } from "../../src/daemon/replay.ts";
import { CONFIG, createRig, type Daemon, type Rig } from "./daemon-rig.ts";

async function startJoined(rig: Rig, nodes: readonly string[]): Promise<Daemon[]> {
  await rig.openHub();
  const daemons = nodes.map((node) => rig.run([...rig.args(node), "--join"], { socket: rig.socket(node) }));
  await Promise.all(daemons.map((daemon) => daemon.says("listens on")));
  await Promise.all(daemons.map((daemon) => daemon.client.wait({ for: "open", timeout: 60 })));
  return daemons;
}

test("three daemons open the gate, are told to stop one by one, and leave", async (t) => {
  const rig = createRig(t);
  const [one, two, three] = (await startJoined(rig, ["n1", "n2", "n3"])) as [Daemon, Daemon, Daemon];
  assert.deepEqual((await one.client.status()).domain.members, [1, 2, 3]);
  assert.equal(statSync(rig.socket("n1")).mode & 0o777, 0o660);
  assert.deepEqual(await two.client.join(), { type: "already" });
  for (const daemon of [three, two, one]) {
    daemon.process.kill("SIGTERM");
    const { code, stdout } = await daemon.ended;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /exit 0/);
  }
  assert.deepEqual(
    readdirSync(rig.directory).filter((name) => name.endsWith(".sock")),
    [],
  );
});

test("a stop is refused while storage is in use; the second one ends it", async (t) => {
  const rig = createRig(t);
  const hooks = join(rig.directory, "hooks-n1", "in-use.d");
  mkdirSync(hooks, { recursive: true });
  for (const folder of [rig.directory, join(rig.directory, "hooks-n1"), hooks]) chmodSync(folder, 0o755);
  writeFileSync(join(hooks, "10-vm"), `#!/bin/sh\n! test -e ${rig.directory}/runs || echo vm 100\n`, {
    mode: 0o755,
  });
  const [one] = (await startJoined(rig, ["n1", "n2"])) as [Daemon, Daemon];
  writeFileSync(join(rig.directory, "runs"), "");
  await assert.rejects(one.client.leave(), /vm 100/);
  one.process.kill("SIGTERM");
  await one.says("SIGTERM refused");
  assert.equal((await one.client.status()).joined, true);
  one.process.kill("SIGTERM");
  assert.equal((await one.ended).code, 3);
});

test("nobody reads the log: the daemon goes on", async (t) => {
  const rig = createRig(t);
  await rig.openHub();
  const args = [...rig.args("n1"), "--log-level", "debug", "--join"];
  const daemon = rig.run(args, { deaf: true, socket: rig.socket("n1") });
  const other = rig.run([...rig.args("n2"), "--join"], { socket: rig.socket("n2") });
  await other.says("listens on");
  await other.client.wait({ for: "open", timeout: 60 });
  // Each refused request is a line or two; the pipe takes 64 KiB.
  for (let count = 0; count < 200; count++) await daemon.client.check({ name: "n2" });
  assert.equal((await daemon.client.gate()).gate, "open");
  daemon.process.kill("SIGTERM");
  daemon.process.stdout?.resume();
  assert.equal((await daemon.ended).code, 0);
});

test("a flight record of a live daemon replays to the same effects", async (t) => {
  const rig = createRig(t);
  const [one] = (await startJoined(rig, ["n1", "n2", "n3"])) as [Daemon, Daemon, Daemon];
  one.process.kill("SIGUSR1");
  await one.says("flight record: ");
  const name = readdirSync(rig.stateDir("n1")).find((file) => file.startsWith("flight-")) ?? "";
  const replayed = replayLines(readFlight(readFileSync(join(rig.stateDir("n1"), name), "utf8")), {
    bootState,
    step,
  });
  assert.ok(replayed.inputs > 10, `${replayed.inputs} inputs`);
  assert.deepEqual(replayed.differences, []);
  assert.ok((await one.client.text("flight")).startsWith('{"type":"boot"'));
});

test("a file that changes is a candidate; staged and activated it is in force everywhere", async (t) => {
  const rig = createRig(t);
  const [one, two] = (await startJoined(rig, ["n1", "n2"])) as [Daemon, Daemon];
  const warned = async (daemon: Daemon, words: RegExp): Promise<void> => {
    daemon.process.kill("SIGHUP");
    for await (const event of daemon.client.events()) {
      if (event.type === "status" && words.test(event.data.warnings.join("\n"))) break;
    }
  };
  writeFileSync(rig.configPath, "<cluster");
  await warned(one, /makes no sense/);
  assert.equal((await one.client.config()).inForce.version, 1);

  const secret = '<!-- passwd="swordfish" --></cluster>';
  const next = CONFIG.replace('config_version="1"', 'config_version="2"').replace("</cluster>", secret);
  writeFileSync(rig.configPath, next);
  await warned(one, /version 2, while version 1 is in force: it is a candidate/);
  const staged = await one.client.configStage({ by: "root", of: "file" });
  assert.deepEqual([staged.version, staged.raised], [2, false]);
  await settled(one);
  const activated = await two.client.configActivate({ by: "root", version: 2, comment: "by hand" });
  assert.equal(activated.version, 2);
  for (const daemon of [one, two]) {
    const { inForce, epoch } = await daemon.client.config();
    assert.deepEqual([inForce.version, inForce.by, inForce.comment], [2, "root@n2", "by hand"]);
    assert.equal(epoch, activated.epoch);
  }
  assert.equal(readFileSync(rig.configPath, "utf8"), next);

  // The text went over the wire and is in the journal; nobody who asks, and no record, gets the password.
  const shown = await two.client.configText({ of: "2" });
  const difference = await one.client.configDiff({ a: "1", b: "in-force" });
  for (const text of [shown.text, difference.text]) assert.match(text, /passwd="\[secret\]"/);
  for (const daemon of [one, two]) {
    const texts = [await daemon.client.text("flight"), JSON.stringify(await daemon.client.config())];
    for (const text of [...texts, difference.text, shown.text]) assert.ok(!text.includes("swordfish"));
  }
});

/** Every member has looked at what is staged, and agrees. */
async function settled(daemon: Daemon): Promise<void> {
  for (;;) {
    const { staged } = await daemon.client.config();
    if (staged === undefined || staged.reports.some((report) => !report.ok))
      throw new Error(JSON.stringify(staged));
    if (staged.missing.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("events: the log so far can be resumed, a foreign id gives a gap", async (t) => {
  const rig = createRig(t);
  const [one] = (await startJoined(rig, ["n1", "n2"])) as [Daemon, Daemon];
  const seen: string[] = [];
  for await (const event of one.client.events("another-run-7")) {
    seen.push(event.type);
    if (event.type === "status") break;
  }
  assert.equal(seen[0], "gap");
  assert.equal(seen.at(-1), "status");
  assert.ok(seen.includes("log"));
  rmSync(rig.configPath);
});
