/** The demo's agent by the rules of the fence agent interface, against a simulated iLO. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { openIlo } from "../../src/demo/ilo.ts";
import { AGENT } from "../../src/demo/layout.ts";
import type { Machine } from "../../src/demo/machine.ts";

const PASSWORD = "a secret with = and blanks";
const directory = mkdtempSync(join(tmpdir(), "bouncer-demo-agent-"));
const socket = join(directory, "ilo");
const script = join(directory, "password");
let on = true;

/** Only what an iLO uses of a machine. */
const machine = {
  node: { name: "tpve02", ilo: socket },
  get isOn() {
    return on;
  },
  powerOn: async () => {
    on = true;
  },
  powerOff: async () => {
    const was = on;
    on = false;
    return was;
  },
} as unknown as Machine;
const own = { node: { name: "tpve01" }, owns: (pids: readonly number[]) => pids.includes(process.pid) };
const ilo = await openIlo({ machine, machines: [own as unknown as Machine], password: PASSWORD });

before(() => writeFileSync(script, `#!/bin/sh\necho '${PASSWORD}'\n`, { mode: 0o700 }));
after(async () => {
  await ilo.close();
  rmSync(directory, { recursive: true });
});

async function run(input: string, args: readonly string[] = []) {
  const child = spawn(AGENT, args, { stdio: "pipe" });
  child.stdin.end(input);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "close"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

const options = (action: string): string =>
  `action=${action}\nnodename=tpve02\nip=${socket}\nusername=admin\npassword=${PASSWORD}\n`;

test("status reads the power: 0 on, 2 off", async () => {
  on = true;
  assert.deepEqual(await run(options("status")), { code: 0, stdout: "Status: ON\n", stderr: "" });
  on = false;
  assert.deepEqual(await run(options("status")), { code: 2, stdout: "Status: OFF\n", stderr: "" });
});

test("off and on act, and say so when there is nothing to do", async () => {
  on = true;
  const count = ilo.offCount;
  assert.equal((await run(options("off"))).stdout, "Success: Powered OFF\n");
  assert.equal(on, false);
  assert.equal((await run(options("off"))).stdout, "Success: Already OFF\n");
  assert.equal(ilo.offCount, count + 1);
  assert.equal((await run(options("on"))).stdout, "Success: Powered ON\n");
  assert.equal(on, true);
});

test("reboot is the default, and old names are understood", async () => {
  on = true;
  const count = ilo.offCount;
  const old = `agent=fence_bouncer_demo\nnodename=tpve02\nipaddr=${socket}\nlogin=admin\npasswd_script=${script}\n`;
  assert.deepEqual(await run(old), { code: 0, stdout: "Success: Rebooted\n", stderr: "" });
  assert.equal(ilo.offCount, count + 1);
  assert.equal(on, true);
  assert.equal((await run(`option=status\n${old}`)).stdout, "Status: ON\n");
});

test("comments, blank lines, unknown names: read as the fence-agents library reads them", async () => {
  const { code, stderr } = await run(
    `# a comment\n\n  ${options("monitor").trim()}  \nport=9\nfavourite=blue\n`,
  );
  assert.equal(code, 0);
  assert.equal(stderr, "Parse error: Ignoring unknown option 'favourite'\n");
});

test("by hand, with options on the command line", async () => {
  on = true;
  const byHand = ["-a", socket, "-l", "admin", "-S", script, "-o", "status"];
  assert.deepEqual(await run("", byHand), { code: 0, stdout: "Status: ON\n", stderr: "" });
});

test("validate-all looks at the options only; every other failure is 1 with one line", async () => {
  assert.equal((await run(options("validate-all").replace(socket, "/nowhere"))).code, 0);
  const failures: readonly (readonly [string, RegExp])[] = [
    ["action=status\n", /^Failed: You have to enter fence address\n$/],
    [options("explode"), /^Failed: Unrecognised action 'explode'\n$/],
    [options("status").replace(PASSWORD, "wrong"), /^Failed: Unable to connect\/login/],
    [options("status").replace(socket, "/nowhere"), /^Failed: Unable to connect\/login/],
    [`${options("off")}delay=soon\n`, /^Failed: delay takes whole seconds\n$/],
  ];
  on = true;
  for (const [input, expected] of failures) {
    const { code, stdout, stderr } = await run(input);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" }, input);
    assert.match(stderr, expected);
    assert.equal(stderr.includes(PASSWORD), false);
  }
  assert.equal(on, true);
});

test("metadata is XML and names every action", async () => {
  const { code, stdout } = await run("action=metadata\n");
  assert.equal(code, 0);
  for (const action of ["on", "off", "reboot", "status", "monitor", "list", "metadata", "validate-all"]) {
    assert.ok(stdout.includes(`<action name="${action}" />`), action);
  }
  assert.match(stdout, /<parameter name="ipaddr" unique="0" required="1" deprecated="1">/);
});

test("device faults: it fails, it lies, it is blind to one node, it hangs until it is well again", async () => {
  on = true;
  ilo.setFault({ type: "fails" });
  assert.equal((await run(options("off"))).code, 1);
  assert.equal(on, true);

  ilo.setFault({ type: "lies" });
  assert.equal((await run(options("off"))).stdout, "Success: Powered OFF\n");
  assert.equal(on, true, "a liar leaves the power on");
  assert.equal((await run(options("status"))).code, 0);

  ilo.setFault({ type: "blind", to: ["tpve01"] });
  assert.equal((await run(options("status"))).stderr, "Failed: Connection lost\n");
  ilo.setFault({ type: "blind", to: ["tpve03"] });
  assert.equal((await run(options("status"))).code, 0);

  ilo.setFault({ type: "hangs" });
  const waiting = run(options("status"));
  ilo.setFault({ type: "none" });
  assert.equal((await waiting).code, 0);
});

test("a question that nobody waits for any more switches nothing", async () => {
  on = true;
  ilo.setFault({ type: "hangs" });
  const child = spawn(AGENT, { stdio: "pipe", detached: true });
  child.stdin.end(options("off"));
  child.kill("SIGKILL");
  await once(child, "close");
  ilo.setFault({ type: "none" });
  assert.equal((await run(options("status"))).stdout, "Status: ON\n");
});
