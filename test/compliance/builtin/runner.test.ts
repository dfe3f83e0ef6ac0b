/** Built-in agents as the daemon runs them, and when it takes the executable instead. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createExec } from "../../../src/adapters/process/exec.ts";
import { type BuiltinRunner, createBuiltinRunner } from "../../../src/agents/builtin-runner.ts";
import { createPasswords, type Passwords } from "../../../src/agents/passwords.ts";
import type { AgentParameters } from "../../../src/ports/agent-parameters.ts";
import type { AgentOutcome, AgentRequest, AgentRunner } from "../../../src/ports/agent-runner.ts";
import { Secret } from "../../../src/ports/secret.ts";
import { LOGIN, openRig } from "./rig.ts";

interface Bench {
  readonly runner: BuiltinRunner;
  readonly passwords: Passwords;
  readonly external: AgentRequest[];
  run(
    action: string,
    more?: Partial<AgentParameters>,
    budgetMs?: number,
    look?: NonNullable<AgentRequest["look"]>,
  ): Promise<AgentOutcome>;
  pairs: [string, string | Secret][];
}

function createBench(t: TestContext, port: string): Bench {
  const external: AgentRequest[] = [];
  let next: AgentParameters | undefined;
  const other: AgentRunner = {
    async run(request) {
      external.push(request);
      return { result: "ok", detail: "by the executable", tookMs: 1 };
    },
    traits: async () => [
      { agent: "fence_ilo4", installed: false, actions: [], defaultAction: "reboot" },
      { agent: "fence_brocade", installed: false, actions: [], defaultAction: "reboot" },
    ],
    close: async () => {},
  };
  const passwords = createPasswords(createExec());
  const runner = createBuiltinRunner({
    parameters: { lookup: () => next },
    uses: () => [
      { agent: "fence_ilo4", executable: false, devices: ["ilo"] },
      { agent: "fence_brocade", executable: false, devices: ["brocade"] },
    ],
    external: other,
    passwords,
  });
  t.after(() => runner.close());
  const bench: Bench = {
    runner,
    passwords,
    external,
    pairs: [
      ["ipaddr", "127.0.0.1"],
      ["ipport", port],
      ["login", LOGIN.user],
      ["passwd", new Secret(LOGIN.password)],
    ],
    run(action, more = {}, budgetMs = 10_000, look = undefined) {
      next = { agent: "fence_ilo4", pairs: bench.pairs, ...more };
      const request = { node: "tpve02", method: 0, device: 0, action, budgetMs };
      return runner.run(look === undefined ? request : { ...request, look });
    },
  };
  return bench;
}

test("status and off, with the old names of a cluster.conf", async (t) => {
  const { port, chassis } = await openRig(t);
  const bench = createBench(t, port);
  await bench.runner.prepare();
  assert.deepEqual(pick(await bench.run("status")), { result: "ok", power: "on", detail: "Status: ON" });
  assert.deepEqual(pick(await bench.run("off")), { result: "ok", detail: "Success: Powered OFF" });
  assert.equal(chassis.power, "off");
  assert.deepEqual(pick(await bench.run("monitor")), { result: "ok", power: "off", detail: "done" });
  assert.deepEqual(bench.external, []);
});

test("the action of the configuration is no matter", async (t) => {
  const { port, chassis } = await openRig(t);
  const bench = createBench(t, port);
  bench.pairs.push(["action", "off"], ["option", "off"], ["nodename", "x"]);
  assert.equal((await bench.run("status")).power, "on");
  assert.equal(chassis.offCount, 0);
});

test("failures are outcomes: exact, without a secret, in time", async (t) => {
  const { port, simulator } = await openRig(t);
  const bench = createBench(t, port);
  bench.pairs.push(["passwd", new Secret("canary-77")]);
  const denied = await bench.run("off");
  assert.equal(denied.result, "failed");
  assert.match(denied.detail, /^credentials: /);
  assert.ok(!denied.detail.includes("canary-77"));
  simulator.misbehave({ type: "silent" });
  const silent = await bench.run("status", {}, 200);
  assert.equal(silent.result, "timeout");
  assert.equal(silent.power, "unknown");
  bench.pairs.push(["power_timeout", "soon"]);
  assert.match((await bench.run("off")).detail, /not a valid time in seconds/);
});

test("the executable: not built in, a path, builtin=0, what ours cannot do", async (t) => {
  const { port } = await openRig(t);
  const bench = createBench(t, port);
  for (const agent of ["fence_brocade", "/opt/own/fence_ilo4"]) {
    assert.equal((await bench.run("off", { agent })).detail, "by the executable");
  }
  assert.equal((await bench.run("off", { executable: true })).detail, "by the executable");
  assert.equal((await bench.run("status")).detail, "Status: ON");
  bench.pairs.push(["target", "0x82"]);
  const bridged = await bench.run("off", {}, 5_000);
  assert.equal(bridged.detail, "by the executable");
  assert.ok((bench.external.at(-1)?.budgetMs ?? 0) <= 5_000);
});

test("the password of a script", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-runner-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, "password");
  writeFileSync(script, `#!/bin/sh\necho ${LOGIN.password}\n`);
  chmodSync(script, 0o700);
  const { port } = await openRig(t);
  const bench = createBench(t, port);
  bench.pairs.push(["passwd", new Secret("wrong")]);
  assert.equal((await bench.run("status", { passwdScript: script })).detail, "Status: ON");
  const missing = await bench.run("status", { passwdScript: "/no/such/script" });
  assert.equal(missing.result, "failed");
});

test("a shot takes the password of the last look, and asks anew only when the device refuses it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-runner-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const passwdScript = join(folder, "password");
  const write = (body: string): void => {
    writeFileSync(passwdScript, `#!/bin/sh\necho x >>${folder}/runs\n${body}\n`);
    chmodSync(passwdScript, 0o700);
  };
  const runs = (): number => readFileSync(join(folder, "runs"), "utf8").length / 2;
  const { port } = await openRig(t);
  const bench = createBench(t, port);
  write(`echo ${LOGIN.password}`);
  assert.equal((await bench.run("status", { passwdScript })).detail, "Status: ON");
  write("exit 1");
  assert.equal((await bench.run("status", { passwdScript })).detail, "Status: ON");
  assert.equal((await bench.run("off", { passwdScript })).result, "ok");
  assert.equal(runs(), 1);

  // A look that comes later reads it anew; when that fails the older one still works, and it is said.
  bench.passwords.ageMs = () => 60_000;
  const looked = await bench.run("status", { passwdScript }, 10_000, { identity: "skip" });
  assert.equal(looked.power, "off");
  assert.match(looked.notice ?? "", /ended with exit code 1: the older password is used/);

  write("echo other");
  const refused = await bench.run("status", { passwdScript }, 10_000, { identity: "skip" });
  assert.equal(refused.kind, "credentials");
  write(`echo ${LOGIN.password}`);
  const before = runs();
  assert.equal((await bench.run("status", { passwdScript })).power, "off");
  assert.equal(runs(), before + 1);
  assert.equal(bench.passwords.known(passwdScript), LOGIN.password);
  await bench.runner.close();
  assert.equal(bench.passwords.known(passwdScript), undefined);
});

test("while a password is being changed the second of two works as well, and that is said", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-runner-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "two");
  const { port } = await openRig(t);
  const bench = createBench(t, port);
  writeFileSync(file, `wrong\n${LOGIN.password}\n`);
  const outcome = await bench.run("status", { passwdScript: `file:${file}` });
  assert.equal(outcome.detail, "Status: ON");
  assert.match(outcome.notice ?? "", /the first password was refused, another one was taken/);
  assert.equal(bench.passwords.other(`file:${file}`), LOGIN.password);
  writeFileSync(file, "wrong\nworse\n");
  bench.passwords.ageMs = () => 60_000;
  const refused = await bench.run("status", { passwdScript: `file:${file}` }, 10_000, { identity: "skip" });
  assert.equal(refused.kind, "credentials");
});

test("traits: ours where no executable is", async (t) => {
  const { port } = await openRig(t);
  const [ilo, brocade] = await createBench(t, port).runner.traits();
  assert.equal(ilo?.installed, true);
  assert.ok(ilo?.actions.includes("off"));
  assert.equal(brocade?.installed, false);
});

test("closing ends what runs", async (t) => {
  const { port, simulator } = await openRig(t);
  simulator.misbehave({ type: "silent" });
  const bench = createBench(t, port);
  const running = bench.run("off");
  await new Promise<void>((resolve) => {
    const watch = setInterval(() => {
      if (simulator.datagrams === 0) return;
      clearInterval(watch);
      resolve();
    }, 5);
  });
  await bench.runner.close();
  assert.equal((await running).result, "timeout");
  assert.equal((await bench.run("off")).result, "failed");
});

function pick({ result, power, detail }: AgentOutcome): Partial<AgentOutcome> {
  return { result, ...(power === undefined ? {} : { power }), detail };
}
