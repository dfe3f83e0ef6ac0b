/** The agents that Debian ships. Left out, loudly, where they are not installed. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createBench } from "./bench.ts";

const FOLDER = "/usr/sbin";
const COMMANDS = ["fence_ack_manual", "fence_tool", "fence_node", "fence_check", "fence_kdump_send"];
const installed = existsSync(join(FOLDER, "fence_dummy"));
const OPTIONS = { timeout: 120_000, skip: installed ? false : "fence-agents is not installed" };

test("fence_dummy: off, on and status", OPTIONS, async (t) => {
  const bench = createBench(t);
  const use = { agent: "fence_dummy", pairs: [["status_file", join(bench.folder, "power")] as const] };
  assert.equal((await bench.run(use, "on")).result, "ok");
  assert.equal((await bench.run(use, "status")).power, "on");
  assert.equal((await bench.run(use, "off")).result, "ok");
  const status = await bench.run(use, "status");
  assert.deepEqual([status.result, status.power, status.exitCode], ["ok", "off", 2]);
  assert.match(status.detail, /OFF/);
  assert.equal((await bench.run(use, "monitor")).result, "ok");
  const failing = {
    agent: "fence_dummy",
    pairs: [
      ["type", "fail"],
      ["power_timeout", "1"],
    ] as const,
  };
  assert.equal((await bench.run(failing, "off")).result, "failed");
});

test("every installed agent describes itself", OPTIONS, async (t) => {
  const names = readdirSync(FOLDER).filter((name) => /^fence_/.test(name) && !COMMANDS.includes(name));
  const bench = createBench(t, names);
  let traits = await bench.agents.traits();
  // On a busy machine one may be too slow; only good answers are remembered, the others asked again.
  for (let round = 0; round < 3 && traits.some((one) => one.actions.length === 0); round++) {
    traits = await bench.agents.traits();
  }
  assert.equal(traits.length, names.length);
  const silent = traits.filter((one) => !one.installed || one.actions.length === 0);
  assert.deepEqual(silent, []);

  const automatic: string[] = [];
  const onTarget: string[] = [];
  for (const name of names) {
    const metadata = await bench.agents.metadata(name);
    if (metadata?.actions.some((action) => action.automatic)) automatic.push(name);
    if (metadata?.actions.some((action) => action.onTarget)) onTarget.push(name);
  }
  const fabric = traits.filter((one) => !one.actions.includes("reboot")).map((one) => one.agent);
  assert.deepEqual(automatic, [
    "fence_brocade",
    "fence_cisco_mds",
    "fence_compute",
    "fence_ifmib",
    "fence_mpath",
    "fence_sanbox2",
    "fence_scsi",
  ]);
  assert.deepEqual(fabric.sort(), [...automatic, "fence_kdump"].sort());
  assert.deepEqual(onTarget, ["fence_mpath", "fence_scsi"]);
  const off = traits.filter((one) => one.defaultAction === "off").map((one) => one.agent);
  for (const name of fabric) assert.ok(off.includes(name), name);
  assert.equal(traits.find((one) => one.agent === "fence_ipmilan")?.defaultAction, "reboot");
});

test("fence_ilo describes its parameters, old names included", OPTIONS, async (t) => {
  const bench = createBench(t);
  const metadata = await bench.agents.metadata("fence_ilo");
  const current = metadata?.parameters.filter(({ deprecated }) => !deprecated) ?? [];
  const named = (name: string) => current.find((one) => one.name === name);
  assert.deepEqual([named("ip")?.obsoletes, named("ip")?.required], ["ipaddr", false]);
  assert.deepEqual([named("username")?.obsoletes, named("username")?.required], ["login", true]);
  assert.deepEqual([named("password")?.obsoletes, named("password")?.required], ["passwd", false]);
});
