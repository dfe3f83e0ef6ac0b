/** A shot by a built-in agent needs no process, no file and no module, and waits for no disk. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { openIpmiSimulator } from "../../../src/bmc/ipmi/simulator.ts";
import { openRedfishSimulator } from "../../../src/bmc/redfish/simulator.ts";
import { REDFISH_STYLES } from "../../../src/bmc/redfish/style.ts";
import { RIBCL_MODELS } from "../../../src/bmc/ribcl/model.ts";
import { openRibclSimulator } from "../../../src/bmc/ribcl/simulator.ts";
import type { AgentOutcome } from "../../../src/ports/agent-runner.ts";
import { LOGIN, runProgram } from "./rig.ts";

const NODE = join(import.meta.dirname, "../../../node_modules/.bin/node");
const CHILD = join(import.meta.dirname, "shot-child.ts");

test("with its disk hanging, IPMI, RIBCL and Redfish switch off by what the last look left", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-shot-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, "password");
  writeFileSync(script, `#!/bin/sh\necho ${LOGIN.password}\n`);
  chmodSync(script, 0o700);
  const fifo = join(folder, "disk");
  execFileSync("mkfifo", [fifo]);
  const chassis = [createChassis(), createChassis(), createChassis()] as const;
  const style = REDFISH_STYLES.ilo5;
  const ipmi = await openIpmiSimulator({ chassis: chassis[0], login: LOGIN });
  const ribcl = await openRibclSimulator({ model: RIBCL_MODELS.ilo2, chassis: chassis[1], login: LOGIN });
  const redfish = await openRedfishSimulator({ style, chassis: chassis[2], login: LOGIN });
  t.after(async () => {
    for (const one of chassis) one.close();
    await Promise.all([ipmi.close(), ribcl.close(), redfish.close()]);
  });

  // By name, so that the address is a thing to be remembered.
  const { user } = LOGIN;
  const devices = [
    `fence_ilo4,localhost,${ipmi.port}`,
    `fence_ilo2,localhost,${ribcl.port}`,
    `fence_redfish,localhost,${redfish.port}`,
  ];
  const argv = ["env", "UV_THREADPOOL_SIZE=1", NODE, CHILD, script, fifo, user, ...devices];
  const { stdout, stderr } = await runProgram(argv);
  assert.ok(stdout.startsWith("{"), stderr);
  const told = JSON.parse(stdout) as {
    readonly outcomes: Readonly<Record<string, AgentOutcome>>;
    readonly during: number;
    readonly after: number;
  };
  for (const agent of ["fence_ilo4", "fence_ilo2", "fence_redfish"]) {
    assert.equal(told.outcomes[`${agent} look`]?.power, "on");
    assert.equal(told.outcomes[`${agent} off`]?.detail, "Success: Powered OFF");
    assert.equal(told.outcomes[`${agent} status`]?.power, "off");
  }
  assert.equal(told.during, 0);
  assert.deepEqual(
    chassis.map(({ power, offCount }) => [power, offCount]),
    [
      ["off", 1],
      ["off", 1],
      ["off", 1],
    ],
  );
  // What the guards of this test are worth: without the look the same shot has no password.
  assert.notEqual(told.outcomes["cold off"]?.result, "ok");
});
