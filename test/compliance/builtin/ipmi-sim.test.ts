/** Our agents against a controller that we did not write: OpenIPMI's ipmi_sim. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ask } from "./rig.ts";

const PROGRAM = "/usr/bin/ipmi_sim";
const skip = existsSync(PROGRAM) ? false : "openipmi is not installed";
const GUID = "a123456789abcdefa123456789abcdef";

describe("against ipmi_sim", { skip }, () => {
  let folder = "";
  let child: ChildProcess | undefined;
  let port = 0;
  const given = (more: Record<string, string> = {}): Record<string, string> => ({
    ip: "127.0.0.1",
    ipport: String(port),
    username: "admin",
    password: "secret",
    ...more,
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bouncer-ipmi-sim-"));
    port = await freePort();
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, "power"), "1\n");
    writeFileSync(join(folder, "chassis.sh"), CHASSIS, { mode: 0o755 });
    writeFileSync(join(folder, "bmc.emu"), EMU);
    writeFileSync(join(folder, "lan.conf"), lanConf(folder, port));
    const files = [
      "-c",
      join(folder, "lan.conf"),
      "-f",
      join(folder, "bmc.emu"),
      "-s",
      join(folder, "state"),
    ];
    child = spawn(PROGRAM, [...files, "-n"], {
      stdio: "ignore",
      env: { PATH: "/usr/bin:/bin", HERE: folder },
    });
  });
  after(async () => {
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "close");
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const power = (): string => readFileSync(join(folder, "power"), "utf8").trim();

  test("it comes up", async () => {
    // The simulator says nothing when it is ready: ask until it answers.
    for (let tries = 0; tries < 50; tries++) {
      const answer = await ask("fence_ilo4", "status", given());
      if (answer.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail("ipmi_sim does not answer");
  });

  for (const [about, agent, more] of [
    ["2.0, suite of our choice", "fence_ilo4", {}],
    ["2.0, suite 3", "fence_ipmilan", { lanplus: "1", cipher: "3" }],
    ["2.0, suite 2", "fence_ipmilan", { lanplus: "1", cipher: "2" }],
    ["2.0, suite 1", "fence_ipmilan", { lanplus: "1", cipher: "1" }],
    ["1.5", "fence_ipmilan", {}],
  ] as const) {
    test(`off, status, on, reboot over ${about}`, async () => {
      writeFileSync(join(folder, "power"), "1\n");
      const off = await ask(agent, "off", given(more));
      assert.deepEqual(off.said, ["Success: Powered OFF"], JSON.stringify(off));
      assert.equal(power(), "0");
      const status = await ask(agent, "status", given(more));
      assert.equal(status.power, "off");
      assert.deepEqual((await ask(agent, "off", given(more))).said, ["Success: Already OFF"]);
      assert.deepEqual((await ask(agent, "on", given(more))).said, ["Success: Powered ON"]);
      assert.equal(power(), "1");
      assert.deepEqual((await ask(agent, "reboot", given(more))).said, ["Success: Rebooted"]);
      assert.equal(power(), "1");
    });
  }

  test("a suite that it does not have", async () => {
    const answer = await ask("fence_ilo4", "status", given({ cipher: "17" }));
    assert.equal(answer.ok ? "ok" : answer.problem.kind, "unsupported");
  });

  test("wrong password, unknown user: exact, and different", async () => {
    const password = await ask("fence_ilo4", "off", given({ password: "other" }));
    const user = await ask("fence_ilo4", "off", given({ username: "nobody" }));
    assert.equal(password.ok ? "ok" : password.problem.kind, "credentials");
    assert.equal(user.ok ? "ok" : user.problem.kind, "credentials");
    assert.match(password.ok ? "" : password.problem.detail, /another password/);
    assert.match(user.ok ? "" : user.problem.detail, /does not know this user/);
    assert.equal(power(), "1");
  });

  test("who it is", async () => {
    const answer = await ask("fence_ilo4", "status", given(), { identity: "ask" });
    const plain = (answer.identity?.uuids ?? []).map((uuid) => uuid.replaceAll("-", ""));
    assert.ok(plain.includes(GUID), JSON.stringify(answer));
  });

  test("sessions are given back: more actions than it has sessions", async () => {
    for (let count = 0; count < 70; count++) {
      const answer = await ask("fence_ilo4", "status", given({ cipher: "3" }));
      assert.equal(answer.ok, true, `${count}: ${JSON.stringify(answer)}`);
    }
  });
});

async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

const CHASSIS = `#!/bin/sh
case "$2 $3" in
  "get power") echo "power:$(cat "$HERE/power")" ;;
  "set power") echo "$4" >"$HERE/power" ;;
esac
`;

const EMU = `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
sel_enable 0x20 1000 0x0a
mc_enable 0x20
`;

function lanConf(folder: string, port: number): string {
  return `name "bmc1"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${port}
    priv_limit admin
    allowed_auths_callback md5
    allowed_auths_user md5
    allowed_auths_operator md5
    allowed_auths_admin md5
    guid ${GUID}
  endlan
  chassis_control "${folder}/chassis.sh 1"
  user 1 false ""      "test"   user  10 md5
  user 2 true  "admin" "secret" admin 10 md5
`;
}
