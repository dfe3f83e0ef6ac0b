/** Our agents against a part that we did not write: Debian's snmpd, with a script behind the outlets. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ask, CANARY, kindOf } from "./ask.ts";

const PROGRAM = "/usr/sbin/snmpd";
const skip = existsSync(PROGRAM) ? false : "snmpd is not installed";
const AGENT = "fence_apc_snmp";
const WRITE = "write-community";
const PRIVACY = "privacy-secret";

describe("against snmpd", { skip }, () => {
  let folder = "";
  let child: ChildProcess | undefined;
  let port = 0;
  const given = (more: Record<string, string> = {}): Record<string, string> => ({
    ip: "127.0.0.1",
    ipport: String(port),
    community: WRITE,
    plug: "1",
    power_timeout: "3",
    ...more,
  });
  const v3 = { snmp_version: "3", username: "fencer", password: "authentic-secret", snmp_auth_prot: "SHA" };
  const state = (outlet: number): string => readFileSync(join(folder, `outlet-${outlet}`), "utf8").trim();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bouncer-snmpd-"));
    port = await freePort();
    mkdirSync(join(folder, "state"));
    for (const outlet of [1, 2]) writeFileSync(join(folder, `outlet-${outlet}`), "1\n");
    writeFileSync(join(folder, "outlets.sh"), OUTLETS, { mode: 0o755 });
    writeFileSync(join(folder, "snmpd.conf"), configuration(folder, port), { mode: 0o600 });
    const argv = ["-f", "-Lo", "-C", "-c", join(folder, "snmpd.conf"), "-I", "-smux"];
    child = spawn(PROGRAM, argv, {
      stdio: "ignore",
      env: { PATH: "/usr/bin:/bin", HERE: folder, SNMP_PERSISTENT_DIR: join(folder, "state") },
    });
    // It says nothing when it is ready: ask until it answers.
    for (let tries = 0; tries < 50; tries++) {
      const answer = await ask(AGENT, "status", given({ shell_timeout: "1" }));
      if (answer.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail("snmpd does not answer");
  });
  after(async () => {
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "close");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [about, more] of [
    ["version 1", { snmp_version: "1" }],
    ["version 2c", { snmp_version: "2c" }],
    ["version 3, authentication", { ...v3, snmp_sec_level: "authNoPriv" }],
    ["version 3, MD5", { ...v3, username: "old", snmp_auth_prot: "MD5" }],
    ["version 3, privacy", { ...v3, snmp_priv_prot: "AES", snmp_priv_passwd: PRIVACY }],
  ] as const) {
    test(`off, status, on, reboot over ${about}`, async () => {
      for (const outlet of [1, 2]) writeFileSync(join(folder, `outlet-${outlet}`), "1\n");
      const off = await ask(AGENT, "off", given(more));
      assert.deepEqual(off.said, ["Success: Powered OFF"], JSON.stringify(off));
      assert.deepEqual([state(1), state(2)], ["2", "1"]);
      assert.equal((await ask(AGENT, "status", given(more))).power, "off");
      assert.deepEqual((await ask(AGENT, "on", given(more))).said, ["Success: Powered ON"]);
      assert.deepEqual((await ask(AGENT, "reboot", given(more))).said, ["Success: Rebooted"]);
      assert.equal(state(1), "1");
    });

    test(`two outlets, and one that is not there, over ${about}`, async () => {
      for (const outlet of [1, 2]) writeFileSync(join(folder, `outlet-${outlet}`), "1\n");
      const missing = await ask(AGENT, "off", given({ ...more, plug: "1,7" }));
      assert.equal(kindOf(missing), "missing");
      assert.deepEqual([state(1), state(2)], ["1", "1"], "nothing is switched before all are found");
      assert.equal((await ask(AGENT, "off", given({ ...more, plug: "1,2" }))).power, "off");
      assert.deepEqual([state(1), state(2)], ["2", "2"]);
    });
  }

  test("the list, and an outlet by its name", async () => {
    writeFileSync(join(folder, "outlet-2"), "2\n");
    const listed = await ask(AGENT, "list-status", given({ plug: "" }));
    assert.deepEqual([listed.said.length, listed.said[1]], [2, "2,web2,OFF"]);
    assert.equal((await ask(AGENT, "on", given({ plug: "web2" }))).power, "on");
  });

  test("wrong accounts: exact, and different", async () => {
    writeFileSync(join(folder, "outlet-1"), "1\n");
    for (const [more, kind, text] of [
      [{ ...v3, username: "nobody" }, "credentials", /does not know this user/],
      [{ ...v3, password: "another-secret" }, "credentials", /the password, or snmp_auth_prot/],
      [{ ...v3, snmp_auth_prot: "MD5" }, "credentials", /the password, or snmp_auth_prot/],
      [
        { ...v3, snmp_priv_prot: "AES", snmp_priv_passwd: "another-secret", shell_timeout: "1" },
        "timeout",
        /snmp_priv_passwd or snmp_priv_prot looks the same/,
      ],
      [{ community: "look-only" }, "privilege", /may read, and not write/],
      [{ community: CANARY, shell_timeout: "1" }, "timeout", /a wrong community looks the same/],
    ] as const) {
      const answer = await ask(AGENT, "off", given(more));
      assert.equal(kindOf(answer), kind, JSON.stringify(answer));
      assert.match(answer.ok ? "" : answer.problem.detail, text);
      assert.equal(state(1), "1");
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

/** Of an AP7920 with two outlets: names (.5.1.1.2), states (.5.1.1.4) and commands (.3.1.1.4). */
const OUTLETS = `#!/bin/sh
base=.1.3.6.1.4.1.318.1.1.12
order="$base.3.3.1.1.4.1 $base.3.3.1.1.4.2 $base.3.5.1.1.2.1 $base.3.5.1.1.2.2 $base.3.5.1.1.4.1 $base.3.5.1.1.4.2"
show() {
  case " $order " in *" $1 "*) ;; *) echo NONE; return ;; esac
  outlet=\${1##*.}
  echo "$1"
  case "$1" in
    $base.3.5.1.1.2.*) echo string; echo "web$outlet" ;;
    *) echo integer; cat "$HERE/outlet-$outlet" ;;
  esac
}
after() {
  for one in $order; do
    if [ "$(printf '%s\\n%s\\n' "$1" "$one" | sort -V | head -1)" = "$1" ] && [ "$1" != "$one" ]; then
      show "$one"; return
    fi
  done
  echo NONE
}
while read -r word; do
  case "$word" in
    PING) echo PONG ;;
    get) read -r oid; show "$oid" ;;
    getnext) read -r oid; after "$oid" ;;
    set)
      read -r oid; read -r value
      case "$oid:$value" in
        $base.3.3.1.1.4.[12]:"integer "[12]) echo "\${value#integer }" >"$HERE/outlet-\${oid##*.}"; echo DONE ;;
        *) echo not-writable ;;
      esac ;;
  esac
done
`;

function configuration(folder: string, port: number): string {
  return `agentaddress udp:127.0.0.1:${port}
sysObjectID .1.3.6.1.4.1.318.1.3.4.5
rocommunity look-only 127.0.0.1
rwcommunity ${WRITE} 127.0.0.1
createUser fencer SHA authentic-secret AES ${PRIVACY}
rwuser fencer auth
createUser old MD5 authentic-secret
rwuser old auth
pass_persist .1.3.6.1.4.1.318.1.1.12 ${join(folder, "outlets.sh")}
`;
}
