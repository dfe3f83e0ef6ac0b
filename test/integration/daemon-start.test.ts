/** Every way in which the daemon cannot start: one clear sentence, what to do, a documented exit code. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ERRORS, type ErrorCode } from "../../src/core/errors.ts";
import { CONFIG, createRig, type Ended, type Rig } from "./daemon-rig.ts";

/** No stack trace, the code's own exit code and hint, and the words. */
function refused(ended: Ended, code: ErrorCode, words: RegExp): void {
  const { exit, hint } = ERRORS[code];
  assert.equal(ended.code, exit, ended.stderr);
  assert.match(ended.stderr, words);
  assert.ok(ended.stderr.includes(`${hint} (${code})`), ended.stderr);
  assert.ok(ended.stderr.startsWith("bouncerd: "), ended.stderr);
  assert.doesNotMatch(ended.stderr, /\n\s+at |node:internal|Error:/);
}

const bomb = `<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<cluster name="&b;" config_version="1"/>`;

const CONFIGS: [string, (rig: Rig) => void, ErrorCode, RegExp][] = [
  ["no file", (rig) => writeFileSync(`${rig.configPath}.other`, ""), "CFG_NODE_MISSING", /no node for "n9"/],
  ["broken XML", (rig) => writeFileSync(rig.configPath, "<cluster"), "CFG_INVALID", /cluster\.conf:1: error/],
  ["an entity bomb", (rig) => writeFileSync(rig.configPath, bomb), "CFG_INVALID", /cluster\.conf:\d+: error/],
  ["an empty file", (rig) => writeFileSync(rig.configPath, ""), "CFG_INVALID", /cluster\.conf/],
  [
    "100 MB",
    (rig) => writeFileSync(rig.configPath, Buffer.alloc(100 * 1024 * 1024, "<a/>")),
    "CFG_INVALID",
    /cluster\.conf: error/,
  ],
  [
    "two nodes with one id, and a second problem",
    (rig) =>
      writeFileSync(
        rig.configPath,
        CONFIG.replace('nodeid="2"', 'nodeid="1"').replace('nodeid="3"', 'nodeid="x"'),
      ),
    "CFG_INVALID",
    /cluster\.conf:5: error(?:.*\n)+.*cluster\.conf:6: error/,
  ],
];

test("configurations that cannot be used", async (t) => {
  for (const [name, prepare, code, words] of CONFIGS) {
    await t.test(name, async (t) => {
      const rig = createRig(t);
      prepare(rig);
      const args = name === "no file" ? rig.args("n9") : rig.args("n1");
      refused(await rig.run(args).ended, code, words);
      assert.deepEqual(
        readdirSync(rig.directory).filter((file) => file.endsWith(".sock")),
        [],
      );
    });
  }
});

test("a configuration that is not there, or a directory", async (t) => {
  const rig = createRig(t);
  const missing = [...rig.args("n1"), "--config", join(rig.directory, "absent")];
  refused(await rig.run(missing).ended, "CFG_UNREADABLE", /no such file/);
  refused(
    await rig.run([...rig.args("n1"), "--config", rig.directory]).ended,
    "CFG_UNREADABLE",
    /is a directory/,
  );
});

test("arguments that make no sense, and the two questions", async (t) => {
  const rig = createRig(t);
  refused(await rig.run(["--colour"]).ended, "REQ_INVALID", /--colour/);
  refused(await rig.run(["--engine", "carrier-pigeon"]).ended, "REQ_INVALID", /corosync, loopback/);
  refused(await rig.run(["--engine", "loopback"]).ended, "REQ_INVALID", /--hub/);
  const help = await rig.run(["--help"]).ended;
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--state-dir DIR/);
  assert.match((await rig.run(["--version"]).ended).stdout, /^bouncerd \d/);
});

test("no group: neither a hub nor Corosync", async (t) => {
  const rig = createRig(t);
  refused(await rig.run(rig.args("n1")).ended, "CLU_UNAVAILABLE", /hub/);
});

test("a daemon that is started twice, on one socket or one state directory", async (t) => {
  const rig = createRig(t);
  await rig.openHub();
  const first = rig.run(rig.args("n1"));
  await first.says("listens on");
  refused(
    await rig.run([...rig.args("n1"), "--state-dir", rig.stateDir("other")]).ended,
    "DMN_RUNNING",
    /socket/,
  );
  refused(
    await rig.run([...rig.args("n1"), "--socket", rig.socket("other")]).ended,
    "DMN_RUNNING",
    /state directory/,
  );
  first.process.kill("SIGKILL");
  await first.ended;
  // What a killed daemon leaves behind stops nobody.
  await rig.run(rig.args("n1")).says("listens on");
});

test("the state directory of another node, as on a copied machine", async (t) => {
  const rig = createRig(t);
  await rig.openHub();
  const first = rig.run(rig.args("n1"));
  await first.says("listens on");
  first.process.kill("SIGKILL");
  await first.ended;
  const copy = [...rig.args("n2"), "--state-dir", rig.stateDir("n1")];
  refused(await rig.run(copy).ended, "JNL_FOREIGN", /written by node 1 \(n1\), and this is node 2 \(n2\)/);
});

test("a socket path that is something else is left alone", async (t) => {
  const rig = createRig(t);
  const [file, directory, link] = ["file", "dir", "link"].map((name) => join(rig.directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(file, "precious");
  mkdirSync(directory);
  symlinkSync(file, link);
  for (const path of [file, directory, link]) {
    refused(await rig.run([...rig.args("n1"), "--socket", path]).ended, "DMN_SOCKET", /left alone/);
  }
  assert.equal(readFileSync(file, "utf8"), "precious");
  const long = join(rig.directory, "x".repeat(120));
  refused(await rig.run([...rig.args("n1"), "--socket", long]).ended, "DMN_SOCKET", /longer than 107 bytes/);
});

test("a state directory that cannot be one", async (t) => {
  const rig = createRig(t);
  const file = join(rig.directory, "file");
  writeFileSync(file, "");
  refused(await rig.run([...rig.args("n1"), "--state-dir", file]).ended, "JNL_UNREADABLE", /state directory/);
});

test("a damaged journal is put aside, said so, and the daemon goes on", async (t) => {
  const rig = createRig(t);
  await rig.openHub();
  mkdirSync(rig.stateDir("n1"));
  writeFileSync(
    join(rig.stateDir("n1"), "journal.db"),
    "this was a journal once, and it is no more. ".repeat(100),
  );
  const daemon = rig.run(rig.args("n1"), { socket: rig.socket("n1") });
  await daemon.says("listens on");
  await daemon.says("the journal was damaged");
  assert.equal(readdirSync(rig.stateDir("n1")).filter((name) => name.includes(".corrupt-")).length, 1);
  assert.match((await daemon.client.status()).warnings.join("\n"), /journal was damaged/);
});
