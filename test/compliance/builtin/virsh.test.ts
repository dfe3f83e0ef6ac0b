/** fence_virsh against Debian's sshd, with a script in the place of virsh; and beside Debian's agent. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { domainsIn, powerInAnswer } from "../../../src/agents/virsh/states.ts";
import { ask, deadPort, type Given, kindOf } from "./ask.ts";
import { type Case, compareCases, compareMetadata, skipWithout } from "./compare.ts";
import { runProgram } from "./rig.ts";

const AGENT = "fence_virsh";
const SSHD = "/usr/sbin/sshd";
const isRoot = process.getuid?.() === 0;
const skip = !isRoot ? "sshd wants to be started by root" : skipWithout(SSHD, "/usr/bin/ssh-keygen");

describe("against sshd", { skip }, () => {
  let folder = "";
  let sshd: ChildProcess | undefined;
  let given: Given = {};
  let fingerprint = "";
  const state = (name: string, text?: string): string => {
    const file = join(folder, `vm-${name}`);
    if (text !== undefined) writeFileSync(file, `${text}\n`);
    return readFileSync(file, "utf8").trim();
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bouncer-sshd-"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "virsh"), VIRSH, { mode: 0o755 });
    for (const name of ["web1", "web2"]) state(name, "running");
    for (const file of ["host", "login"]) {
      await runProgram(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(folder, file)]);
    }
    const port = await deadPort();
    writeFileSync(join(folder, "authorized"), readFileSync(join(folder, "login.pub")), { mode: 0o600 });
    writeFileSync(join(folder, "sshd_config"), configuration(folder, port));
    const printed = await runProgram(["/usr/bin/ssh-keygen", "-lf", join(folder, "host.pub")]);
    fingerprint = /SHA256:\S+/.exec(printed.stdout)?.[0] ?? "";
    // Wants this folder, which Debian makes when the service is started.
    if (!existsSync("/run/sshd")) mkdirSync("/run/sshd", { mode: 0o755 });
    sshd = spawn(SSHD, ["-D", "-e", "-f", join(folder, "sshd_config")], { stdio: "ignore" });
    given = {
      ip: "127.0.0.1",
      ipport: String(port),
      username: "root",
      identity_file: join(folder, "login"),
      plug: "web1",
      power_timeout: "5",
    };
    for (let tries = 0; tries < 100; tries++) {
      if (kindOf(await ask(AGENT, "status", given)) === "ok") return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail("sshd does not let us in");
  });
  after(async () => {
    if (sshd !== undefined && sshd.exitCode === null) {
      sshd.kill("SIGKILL");
      await once(sshd, "close");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test("off, status, on, reboot, list", async () => {
    assert.equal((await ask(AGENT, "off", given)).power, "off");
    assert.deepEqual([state("web1"), state("web2")], ["shut off", "running"]);
    assert.deepEqual((await ask(AGENT, "off", given)).said, ["Success: Already OFF"]);
    assert.equal((await ask(AGENT, "on", given)).power, "on");
    assert.deepEqual((await ask(AGENT, "reboot", given)).said, ["Success: Rebooted"]);
    const listed = await ask(AGENT, "list-status", given);
    assert.deepEqual(listed.said, ["web1,,ON", "web2,,ON"]);
  });

  test("a machine that may go on is not off: it is destroyed first", async () => {
    for (const word of ["paused", "in shutdown", "crashed", "pmsuspended"]) {
      state("web1", word);
      assert.equal((await ask(AGENT, "status", given)).power, "on", word);
      const answer = await ask(AGENT, "off", given);
      assert.deepEqual([answer.power, state("web1")], ["off", "shut off"], word);
    }
    state("web1", "something new");
    assert.equal(kindOf(await ask(AGENT, "status", given)), "not-reached");
    state("web1", "running");
  });

  test("a machine that was saved with its memory is not off: it would go on where it stood", async () => {
    state("web1", "shut off");
    writeFileSync(join(folder, "saved-web1"), "");
    for (const action of ["status", "off", "reboot"] as const) {
      const answer = await ask(AGENT, action, given);
      assert.deepEqual([kindOf(answer), answer.power], ["refused", "unknown"], action);
      assert.match(JSON.stringify(answer), /managedsave-remove web1/);
    }
    rmSync(join(folder, "saved-web1"));
    assert.equal((await ask(AGENT, "status", given)).power, "off");
    state("web1", "running");
  });

  test("no such machine: a failure, or off where the configuration says so", async () => {
    const other = { ...given, plug: "web9" };
    assert.equal(kindOf(await ask(AGENT, "off", other)), "missing");
    assert.equal((await ask(AGENT, "off", { ...other, missing_as_off: "1" })).power, "off");
    for (const plug of ["web1;reboot", "$(reboot)", "-h", "a b", "x'"]) {
      assert.equal(kindOf(await ask(AGENT, "off", { ...given, plug })), "usage", plug);
    }
  });

  test("host key and login are checked", async () => {
    assert.equal((await ask(AGENT, "status", { ...given, ssh_fingerprint: fingerprint })).power, "on");
    const wrong = `SHA256:${"A".repeat(43)}`;
    assert.equal(kindOf(await ask(AGENT, "off", { ...given, ssh_fingerprint: wrong })), "certificate");
    assert.equal(kindOf(await ask(AGENT, "off", { ...given, username: "nobody" })), "credentials");
    const file = join(folder, "host.pub");
    assert.equal(kindOf(await ask(AGENT, "off", { ...given, identity_file: file })), "usage");
    assert.equal(kindOf(await ask(AGENT, "off", { ...given, identity_file: `${file}.no` })), "usage");
    assert.equal(state("web1"), "running");
  });

  test("as Debian's: every action", { skip: skipWithout(`/usr/sbin/${AGENT}`) }, async () => {
    const chassis = {
      get power() {
        return state("web1") === "running" ? ("on" as const) : ("off" as const);
      },
      turn: (to: "on" | "off") => void state("web1", to === "on" ? "running" : "shut off"),
    };
    const cases: readonly Case[] = [
      { name: "status, on", more: { action: "status" } },
      { name: "status, off", power: "off", more: { action: "status" } },
      { name: "monitor", more: { action: "monitor" } },
      { name: "list", more: { action: "list" } },
      {
        name: "list-status",
        more: { action: "list-status" },
        differs: { out: /^web1,,ON\nweb2,,ON\n$/, why: "in capitals, as every other agent says it" },
      },
      { name: "off", more: { action: "off" } },
      { name: "off, already", power: "off", more: { action: "off" } },
      { name: "on", power: "off", more: { action: "on" } },
      { name: "reboot", more: {} },
      { name: "no plug", more: { action: "off", plug: undefined } },
      { name: "no login", more: { action: "off", username: undefined } },
      { name: "no key", more: { action: "off", identity_file: undefined } },
      {
        name: "no such machine",
        more: { action: "status", plug: "web9" },
        differs: {
          err: /^ERROR: Failed: Unable to obtain correct plug status/,
          why: "not the arguments' fault",
        },
      },
      { name: "no such machine is off", more: { action: "status", plug: "web9", missing_as_off: "1" } },
    ];
    await compareCases({ agent: AGENT, base: { ...given, stonith_status_sleep: "0" }, chassis, cases });
  });
});

test("the metadata, with our own parameter besides", { skip: skipWithout(`/usr/sbin/${AGENT}`) }, () =>
  compareMetadata(AGENT, ["ssh_fingerprint"]),
);

test("answers of virsh: one line and one state, or unknown", () => {
  for (const text of ["shut off\n\n", " shut off \n"]) assert.equal(powerInAnswer(text), "off");
  for (const text of ["", "\n", "off", "shut", "warning\nshut off", "shut off\nshut off", "shut off x"]) {
    assert.notEqual(powerInAnswer(text), "off", JSON.stringify(text));
  }
  const table = " Id   Name   State\n-----\n 3    a      running\n -    b      shut off\n\n";
  assert.deepEqual(domainsIn(table), [
    { plug: "a", alias: "", power: "on" },
    { plug: "b", alias: "", power: "off" },
  ]);
  assert.deepEqual(domainsIn("no table"), []);
});

const VIRSH = `#!/bin/sh
here=$(dirname "$(dirname "$0")")
case "$1" in
  domstate|dominfo|start|destroy)
    vm="$here/vm-$2"
    [ -f "$vm" ] || { echo "error: failed to get domain '$2'" >&2; exit 1; } ;;
esac
case "$1" in
  domstate) cat "$vm"; echo ;;
  dominfo)
    saved=no; [ ! -f "$here/saved-$2" ] || saved=yes
    printf 'Id:             -\\nName:           %s\\nState:          %s\\nManaged save:   %s\\n\\n' "$2" "$(cat "$vm")" "$saved" ;;
  start)
    [ "$(cat "$vm")" = "shut off" ] || { echo "error: Domain is already active" >&2; exit 1; }
    echo running >"$vm"; echo "Domain '$2' started" ;;
  destroy)
    [ "$(cat "$vm")" != "shut off" ] || { echo "error: Requested operation is not valid: domain is not running" >&2; exit 1; }
    echo "shut off" >"$vm"; echo "Domain '$2' destroyed" ;;
  list)
    printf ' Id   Name   State\\n--------------------\\n'
    for vm in "$here"/vm-*; do
      state=$(cat "$vm"); id=-; [ "$state" = "shut off" ] || id=1
      printf ' %s    %s   %s\\n' "$id" "\${vm##*vm-}" "$state"
    done
    echo ;;
  *) exit 2 ;;
esac
`;

function configuration(folder: string, port: number): string {
  return `ListenAddress 127.0.0.1
Port ${port}
HostKey ${join(folder, "host")}
AuthorizedKeysFile ${join(folder, "authorized")}
PidFile ${join(folder, "pid")}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
LogLevel QUIET
SetEnv PATH=${join(folder, "bin")}:/usr/bin:/bin
`;
}
