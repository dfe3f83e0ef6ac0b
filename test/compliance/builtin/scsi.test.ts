/** fence_scsi: three nodes with two shared disks, alone and beside Debian's agent. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { keysIn, reservationIn } from "../../../src/agents/scsi/answers.ts";
import { keyOfNode, parseKey } from "../../../src/agents/scsi/keys.ts";
import { disksIn } from "../../../src/agents/scsi/volume-groups.ts";
import { type Given, kindOf } from "./ask.ts";
import { compareMetadata, lastWord, skipWithout } from "./compare.ts";
import { DISKS, NODES, openScsi, type ScsiRig } from "./scsi-rig.ts";

const AGENT = "/usr/sbin/fence_scsi";
const isRoot = process.getuid?.() === 0;
const skipBeside = isRoot ? skipWithout(AGENT) : "a /run of its own needs root";

async function unfenceAll(rig: ScsiRig): Promise<void> {
  for (const node of NODES) assert.deepEqual((await rig.ask(node, "on", {})).said, ["Success: Powered ON"]);
}

test("on, status, off: the key goes from every disk, the others write on", async (t) => {
  const rig = openScsi(t);
  await unfenceAll(rig);
  assert.equal((await rig.ask("tpve01", "status", { plug: "tpve02" })).power, "on");
  const off = await rig.ask("tpve01", "off", { plug: "tpve02" });
  assert.deepEqual([off.ok, off.power, off.said], [true, "off", ["Success: Powered OFF"]]);
  for (const disk of DISKS) {
    assert.deepEqual(
      NODES.map((node) => rig.mayWrite(node, disk)),
      [true, false, true],
      disk,
    );
  }
  assert.deepEqual((await rig.ask("tpve03", "off", { plug: "tpve02" })).said, ["Success: Already OFF"]);
  assert.deepEqual((await rig.ask("tpve03", "status", { plug: "tpve02" })).said, ["Status: OFF"]);
  // The holder of the reservation is cut off as well: whoever cuts it off holds it then.
  assert.equal((await rig.ask("tpve03", "off", { plug: "tpve01" })).power, "off");
  assert.deepEqual(
    NODES.map((node) => rig.mayWrite(node)),
    [false, false, true],
  );
  assert.equal((await rig.ask("tpve02", "on", {})).power, "on");
  assert.equal(rig.mayWrite("tpve02"), true);
  assert.equal(readFileSync(join(rig.folder, "tpve02/run/cluster.dev"), "utf8"), `${DISKS.join("\n")}\n`);
});

test("a node whose key is gone cannot cut off another one", async (t) => {
  const rig = openScsi(t);
  await unfenceAll(rig);
  await rig.ask("tpve01", "off", { plug: "tpve02" });
  assert.equal(kindOf(await rig.ask("tpve02", "off", { plug: "tpve01" })), "privilege");
  assert.equal(rig.mayWrite("tpve01"), true);
});

test("a node cannot cut off itself, and one that was never unfenced nobody", async (t) => {
  const rig = openScsi(t);
  assert.equal(kindOf(await rig.ask("tpve01", "off", { plug: "tpve02", power_timeout: "1" })), "usage");
  await rig.ask("tpve01", "on", {});
  assert.equal(kindOf(await rig.ask("tpve01", "off", {})), "usage");
  assert.equal(rig.mayWrite("tpve01"), true);
});

test("a disk that nobody reserved lets everybody write: its victim is not off", async (t) => {
  const rig = openScsi(t);
  await unfenceAll(rig);
  const taken = `${rig.state(DISKS[0])}`.replace(/holder.*\n/, "").replace(/key tpve02.*\n/, "");
  const { writeFileSync } = await import("node:fs");
  for (const disk of DISKS) writeFileSync(join(rig.folder, `${disk.slice(5)}.state`), taken);
  assert.equal(kindOf(await rig.ask("tpve01", "status", { plug: "tpve02" })), "not-reached");
  const off = await rig.ask("tpve01", "off", { plug: "tpve02" });
  assert.equal(off.power, "off");
  assert.equal(rig.mayWrite("tpve02"), false);
});

test("a node with a key on one disk of two is on", async (t) => {
  const rig = openScsi(t);
  await unfenceAll(rig);
  await rig.ask("tpve01", "off", { plug: "tpve02", devices: DISKS[0] });
  assert.equal((await rig.ask("tpve01", "status", { plug: "tpve02" })).power, "on");
  assert.equal((await rig.ask("tpve01", "status", { plug: "tpve02", devices: DISKS[0] })).power, "off");
});

test("no fault of a disk makes it say off", async (t) => {
  const rig = openScsi(t);
  await unfenceAll(rig);
  const more = { plug: "tpve02", power_timeout: "1", shell_timeout: "1" };
  for (const [fault, kind] of [
    ["silent", "timeout"],
    ["none", "refused"],
    ["nonsense", "protocol"],
    ["empty", "protocol"],
    ["lies", "not-reached"],
  ] as const) {
    rig.fault(DISKS[1], fault);
    for (const action of ["status", "off"] as const) {
      if (fault === "lies" && action === "status") continue;
      const answer = await rig.ask("tpve01", action, more, 5_000);
      assert.equal(kindOf(answer), kind, `${fault} ${action}: ${JSON.stringify(answer)}`);
      assert.notEqual(answer.power, "off");
    }
    rig.fault(DISKS[1], undefined);
  }
  assert.equal(kindOf(await rig.ask("tpve01", "off", { ...more, sg_persist_path: "/no/such" })), "missing");
  assert.equal(kindOf(await rig.ask("tpve01", "off", { ...more, devices: "/dev/null" })), "usage");
  assert.equal(rig.mayWrite("tpve02", DISKS[1]), true);
});

describe("beside Debian's", { skip: skipBeside }, () => {
  test("each understands what the other one wrote", async (t) => {
    const rig = openScsi(t);
    for (const node of NODES) assert.equal((await rig.debians(node, { action: "on" })).code, 0, node);
    assert.equal((await rig.ask("tpve01", "status", { plug: "tpve02" })).power, "on");
    assert.equal((await rig.ask("tpve01", "off", { plug: "tpve02" })).power, "off");
    assert.equal((await rig.debians("tpve03", { action: "status", plug: "tpve02" })).code, 2);
    assert.equal((await rig.ask("tpve02", "on", {})).power, "on");
    const theirs = await rig.debians("tpve02", { action: "off", plug: "tpve03" });
    assert.deepEqual([theirs.code, theirs.stdout], [0, "Success: Powered OFF\n"]);
    assert.equal((await rig.ask("tpve01", "status", { plug: "tpve03" })).power, "off");
  });

  test("the same arguments, the same end", async (t) => {
    const rig = openScsi(t);
    await unfenceAll(rig);
    rig.keep();
    for (const { name, more, differs } of CASES) {
      const theirs = await rig.debians("tpve01", more);
      const after = DISKS.map((disk) => rig.state(disk).replace(/^(gen|told).*\n/gm, ""));
      rig.restore();
      const ours = await rig.ours("tpve01", more);
      const told = `${name}:\n${theirs.stderr}---\n${ours.err}`;
      assert.deepEqual([ours.code, ours.out], [theirs.code, theirs.stdout], told);
      if (differs === undefined) assert.equal(lastWord(ours.err), lastWord(theirs.stderr), told);
      else assert.match(lastWord(ours.err), differs, told);
      const mine = DISKS.map((disk) => rig.state(disk).replace(/^(gen|told).*\n/gm, ""));
      assert.deepEqual(mine, after, told);
      rig.restore();
    }
  });
});

const CASES: readonly { readonly name: string; readonly more: Given; readonly differs?: RegExp }[] = [
  { name: "status, on", more: { action: "status", plug: "tpve02" } },
  { name: "status, another key", more: { action: "status", key: "abc9" } },
  { name: "off", more: { action: "off", plug: "tpve02" } },
  { name: "disable", more: { action: "disable", plug: "tpve02" } },
  { name: "the default is off", more: { plug: "tpve03" } },
  { name: "as daemons call it", more: { action: "off", plug: undefined, nodename: "tpve02" } },
  { name: "off by key", more: { action: "off", plug: undefined, key: "0abc" } },
  { name: "on", more: { action: "on" } },
  { name: "itself", more: { action: "off" } },
  { name: "volume groups", more: { action: "status", plug: "tpve02", devices: undefined } },
  { name: "list", more: { action: "list", plug: "tpve02" } },
  { name: "validate-all", more: { action: "validate-all" } },
  { name: "reboot", more: { action: "reboot" } },
  { name: "nobody", more: { action: "off", plug: undefined } },
  { name: "unknown node", more: { action: "status", plug: "tpve09" } },
  { name: "key 0", more: { action: "off", key: "0" } },
  { name: "wrong method", more: { action: "off", key_value: "md5", plug: "tpve02" } },
  { name: "no block device", more: { action: "status", devices: "/dev/null", plug: "tpve02" } },
];

test("the metadata", { skip: skipWithout(AGENT) }, () => compareMetadata("fence_scsi"));

test("keys", () => {
  assert.deepEqual(parseKey("0x00ABcd"), { ok: true, value: "abcd" });
  for (const text of ["", "0", "0x0", "xyz", "1".repeat(17), "-1", "a b"])
    assert.equal(parseKey(text).ok, false, text);
  const cluster = "totem.cluster_name (str) = tpve\n";
  const nodes =
    "nodelist.node.0.ring0_addr (str) = b\nnodelist.node.1.name (str) = b\nnodelist.node.1.ring0_addr (str) = a\n";
  assert.deepEqual(keyOfNode("b", "id", cluster, nodes), { ok: true, value: "8b1c0001" });
  assert.deepEqual(keyOfNode("b", "hash", cluster, nodes), { ok: true, value: "8b1c92eb" });
  assert.equal(keyOfNode("c", "id", cluster, nodes).ok, false);
  assert.equal(keyOfNode("b", "id", "", nodes).ok, false);
  assert.deepEqual(disksIn("  wz--nc:/dev/a\n  wz--n-:/dev/b\n  wz-c--:/dev/c\n  wz--ns:/dev/d\n"), [
    "/dev/a",
    "/dev/d",
  ]);
});

test("answers of sg_persist that are cut short or torn say nothing", () => {
  const keys = "  PR generation=0x2, 2 registered reservation keys follow:\n    0xabc1\n    0xabc2\n";
  assert.deepEqual(keysIn(keys), ["abc1", "abc2"]);
  assert.deepEqual(keysIn("  PR generation=0x0, there are NO registered reservation keys\n"), []);
  const held =
    "  PR generation=0x2, Reservation follows:\n    Key=0xabc1\n    scope: LU_SCOPE,  type: Write Exclusive, registrants only\n";
  assert.deepEqual(reservationIn(held), { type: "Write Exclusive, registrants only", keepsOut: true });
  assert.equal(reservationIn("  PR generation=0x2, there is NO reservation held\n"), "none");
  for (let end = 0; end < keys.length - 6; end++)
    assert.equal(keysIn(keys.slice(0, end)), undefined, String(end));
  for (let end = 0; end < held.length - 1; end++) {
    const cut = reservationIn(held.slice(0, end));
    assert.notEqual(cut, "none");
    if (typeof cut === "object") assert.equal(cut.keepsOut && !cut.type.startsWith("Write Exclusive"), false);
  }
  // Without further digits behind those of a key: that would be another key, and no reader could tell.
  const noise = fc.array(fc.constantFrom("x", "\n", " ", "0x", "\n0xabc2", "reservation"), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(noise, fc.nat(keys.length), (parts, at) => {
      const torn = keysIn(keys.slice(0, at) + parts.join("") + keys.slice(at));
      if (torn !== undefined) assert.ok(torn.includes("abc1"), JSON.stringify(torn));
    }),
    { numRuns: 300 },
  );
});
