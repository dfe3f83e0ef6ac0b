/** Real Corosync accepts what `bouncer corosync-conf` writes, runs with it, and then differs in nothing. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { corosyncMissing } from "../compliance/group-engine/corosync-harness.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BOUNCER = join(ROOT, "bouncer");
const skip = corosyncMissing() ?? false;

/** Everything that is mounted, wired and started in here ends with the shell. */
const NODE = `
set -e
mount -t tmpfs none /run; mount -t tmpfs none /dev/shm; mount -t tmpfs none /var/lib/corosync
mount --bind "$DIR/hosts" /etc/hosts
ip link set lo up
ip link add d0 type veth peer name d1
ip addr add 10.77.0.1/24 dev d0; ip addr add 10.78.0.1/24 dev d0
ip link set d0 up; ip link set d1 up
`;

describe("corosync.conf from cluster.conf", { skip, timeout: 120_000 }, () => {
  let dir = "";
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "bouncer-corosync-conf-"));
    const names = [
      ...[1, 2, 3].map((id) => `10.77.0.${id} tpve0${id}`),
      ...[1, 2].map((id) => `10.77.0.${id} alpha${id}\n10.78.0.${id} alpha${id}-b`),
      ...[1, 2, 3, 4, 5].map((id) => `10.77.0.${id} node${id}`),
    ];
    writeFileSync(join(dir, "hosts"), `127.0.0.1 localhost\n${names.join("\n")}\n`);
    writeFileSync(join(dir, "authkey"), Buffer.alloc(256, 7), { mode: 0o400 });
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  function inNode(script: string): string {
    const args = ["-nm", "--propagation", "private", "sh", "-c", `${NODE}\n${script}`];
    return execFileSync("unshare", args, {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", DIR: dir, BOUNCER },
      timeout: 60_000,
    });
  }

  /** An example with its key in our folder, and the edits. */
  function example(name: string, ...edits: readonly (readonly [from: string, to: string])[]): string {
    let text = readFileSync(join(ROOT, "docs", "examples", `${name}.conf`), "utf8");
    for (const [from, to] of [["/var/lib/pve-cluster/corosync.authkey", join(dir, "authkey")], ...edits]) {
      assert.ok(from.startsWith("/var/") || text.includes(from), from);
      text = text.replace(from, to);
    }
    const file = join(dir, `${name}.conf`);
    writeFileSync(file, text);
    return file;
  }

  const key = (): string => `keyfile="${join(dir, "authkey")}"`;
  const cases: Readonly<Record<string, () => string>> = {
    "the article's": () => example("article"),
    "five nodes, without a cman of their own": () =>
      example("five-nodes", ["<clusternodes>", `<cman ${key()}/><clusternodes>`]),
    "two nodes with two links": () =>
      example(
        "two-nodes",
        ['two_node="1"', `two_node="1" ${key()}`],
        ['nodeid="1">', 'nodeid="1"><altname name="alpha1-b"/>'],
        ['nodeid="2">', 'nodeid="2"><altname name="alpha2-b"/>'],
      ),
    udpu: () => example("two-nodes", ['two_node="1"', 'two_node="1" transport="udpu"']),
    "multicast, with timeouts": () =>
      example(
        "article",
        ["<cman ", '<cman transport="udp" '],
        ["<clusternodes>", '<totem token="5000" consensus="6000" join="60" window_size="40"/><clusternodes>'],
        ['authkey"/>', 'authkey"><multicast addr="239.192.1.1"/></cman>'],
      ),
    "expected votes and no encryption": () =>
      example(
        "article",
        ["<cman ", '<cman expected_votes="3" '],
        ["<clusternodes>", '<totem secauth="off"/><clusternodes>'],
      ),
  };

  for (const [name, conf] of Object.entries(cases)) {
    test(`corosync -t accepts: ${name}`, () => {
      const text = execFileSync(BOUNCER, ["corosync-conf", "--config", conf()], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const file = join(dir, "corosync.conf");
      writeFileSync(file, text);
      inNode(`corosync -t -c "$DIR/corosync.conf"`);
    });
  }

  test("a Corosync that runs with it differs in nothing that matters; another token and id are found", () => {
    const conf = example("article", ["<clusternodes>", '<totem token="3000"/><clusternodes>']);
    const other = join(dir, "other.conf");
    writeFileSync(
      other,
      readFileSync(conf, "utf8").replace('token="3000"', 'token="4000"').replace('nodeid="3"', 'nodeid="9"'),
    );
    const script = `
"$BOUNCER" corosync-conf --config "${conf}" --write "$DIR/corosync.conf" 2>/dev/null
corosync -f -c "$DIR/corosync.conf" >/dev/null 2>&1 &
for try in $(seq 100); do corosync-cmapctl >/dev/null 2>&1 && break; sleep 0.1; done
"$BOUNCER" corosync-conf --config "${conf}" --diff; echo "exit $?"
"$BOUNCER" corosync-conf --config "${other}" --diff || echo "exit $?"
BOUNCER_CONFIG="${conf}" "$ROOT_TOOL" nodes -F id,name,type,addr,votes
corosync-cfgtool -H >/dev/null; wait
`;
    const printed = inNode(script.replace("$ROOT_TOOL", join(ROOT, "cman_tool")));
    assert.match(printed, /^the running Corosync is what cluster\.conf means\.\nexit 0\n/);
    assert.match(printed, /matters: Corosync calls tpve03 node 3, cluster\.conf node 9/);
    assert.match(printed, /matters: totem\.token is 3000, cluster\.conf means 4000/);
    assert.match(printed, /exit 1\n/);
    assert.match(printed, /^1 tpve01 M tpve01 1 $/m);
    assert.match(printed, /^2 tpve02 X tpve02 1 $/m);
  });
});
