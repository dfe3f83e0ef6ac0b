/** The commands as processes: a simulated controller, and agents by name, by link and on standard input. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "./rig.ts";

const BOUNCER = fileURLToPath(new URL("../../../bouncer", import.meta.url));

test("bouncer bmc, bouncer agent, a link, bouncer agents", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-agent-"));
  const bmc = spawn(BOUNCER, ["bmc", "--type", "ipmi", "--password", "pw-1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(bmc, "close");
  t.after(async () => {
    bmc.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = createInterface({ input: bmc.stdout })[Symbol.asyncIterator]();
  const port = /port (\d+)/.exec(String((await lines.next()).value))?.[1] ?? "";
  assert.notEqual(port, "");

  const account = ["-a", "127.0.0.1", "-u", port, "-l", "admin", "-S", "echo pw-1"];
  const status = await runProgram([BOUNCER, "agent", "fence_ilo4", ...account, "-o", "status"]);
  assert.deepEqual([status.stdout, status.stderr, status.code], ["Status: ON\n", "", 0]);

  const link = join(folder, "fence_ipmilan");
  symlinkSync(BOUNCER, link);
  const off = await runProgram(
    [link],
    `ip=127.0.0.1\nipport=${port}\nlogin=admin\npasswd=pw-1\naction=off\n`,
  );
  assert.deepEqual([off.stdout, off.code], ["Success: Powered OFF\n", 0]);
  assert.equal((await lines.next()).value, "power off");
  const read = await runProgram([link, ...account, "-o", "status"]);
  assert.deepEqual([read.stdout, read.code], ["Status: OFF\n", 2]);

  const listed = await runProgram([BOUNCER, "agents", "--builtin"]);
  assert.match(listed.stdout, /^fence_ipmilan$/m);
  const unknown = await runProgram([BOUNCER, "agent", "fence_nothing", "-o", "status"]);
  assert.equal(unknown.code, 2);

  bmc.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
});

test("bouncer bmc: the machine and its faults by lines on standard input", async (t) => {
  const bmc = spawn(BOUNCER, ["bmc", "--type", "apc-rpdu", "--password", "community-1", "--fault", "lies"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(bmc, "close");
  t.after(async () => {
    bmc.kill("SIGKILL");
    await ended;
  });
  const lines = createInterface({ input: bmc.stdout })[Symbol.asyncIterator]();
  const errors = createInterface({ input: bmc.stderr })[Symbol.asyncIterator]();
  const next = async (from = lines): Promise<string> => String((await from.next()).value);
  const port = /port (\d+)/.exec(await next())?.[1] ?? "";
  const argv = ["-a", "127.0.0.1", "-u", port, "-c", "community-1", "-n", "1", "--power-timeout=1", "-o"];
  const off = (): ReturnType<typeof runProgram> =>
    runProgram([BOUNCER, "agent", "fence_apc_snmp", ...argv, "off"]);
  assert.equal((await off()).code, 1, "it lies");
  bmc.stdin.write("fault none\npower\n");
  assert.deepEqual([await next(), await next()], ["fault none", "power on"]);
  assert.equal((await off()).code, 0);
  assert.equal(await next(), "power off");
  bmc.stdin.write("on\nfault lyes\nexplode\n");
  assert.equal(await next(), "power on");
  assert.match(await next(errors), /has no fault "lyes"; did you mean "lies"\?/);
  assert.match(await next(errors), /"explode" is no word of this simulator/);
  bmc.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
});
