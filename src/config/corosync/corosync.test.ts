import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { isUsable } from "../diff/diff-configs.ts";
import { configOf } from "../model.ts";
import { readTree } from "../tree.ts";
import { compareCorosync } from "./compare.ts";
import { type CorosyncSettings, corosyncSettings } from "./settings.ts";
import { formatCorosyncConf, parseCorosyncConf } from "./text.ts";

const TWO = readFileSync(new URL("../../../docs/examples/two-nodes.conf", import.meta.url), "utf8");

function settings(text: string): CorosyncSettings {
  const tree = readTree(text);
  const parsed = configOf(tree);
  assert.ok(isUsable(parsed) && tree.root, JSON.stringify(parsed.problems));
  return corosyncSettings(parsed, tree.root);
}

function edited(...edits: readonly (readonly [from: string, to: string])[]): CorosyncSettings {
  return settings(edits.reduce((text, [from, to]) => text.replace(from, to), TWO));
}

const ALTNAMES = [
  ['nodeid="1">', 'nodeid="1"><altname name="alpha1-b"/>'],
  ['nodeid="2">', 'nodeid="2"><altname name="alpha2-b" port="5500"/>'],
] as const;

test("names, ids, votes, two_node, token, key file and links", () => {
  const { keys, notes } = edited(
    ['two_node="1"', 'two_node="1" keyfile="/k" port="5410"'],
    ["<clusternodes>", '<totem token="7000" join="60"/><clusternodes>'],
    ...ALTNAMES,
  );
  assert.deepEqual(notes, []);
  assert.deepEqual(Object.fromEntries(keys), {
    "totem.version": "2",
    "totem.cluster_name": "alpha",
    "totem.transport": "knet",
    "totem.crypto_cipher": "aes256",
    "totem.crypto_hash": "sha256",
    "totem.keyfile": "/k",
    "totem.token": "7000",
    "totem.token_coefficient": "0",
    "totem.join": "60",
    "totem.interface.0.linknumber": "0",
    "totem.interface.0.mcastport": "5410",
    "totem.interface.1.linknumber": "1",
    "totem.interface.1.mcastport": "5411",
    "nodelist.node.0.ring0_addr": "alpha1",
    "nodelist.node.0.ring1_addr": "alpha1-b",
    "nodelist.node.0.name": "alpha1",
    "nodelist.node.0.nodeid": "1",
    "nodelist.node.0.quorum_votes": "1",
    "nodelist.node.1.ring0_addr": "alpha2",
    "nodelist.node.1.ring1_addr": "alpha2-b",
    "nodelist.node.1.name": "alpha2",
    "nodelist.node.1.nodeid": "2",
    "nodelist.node.1.quorum_votes": "1",
    "quorum.provider": "corosync_votequorum",
    "quorum.two_node": "1",
    "logging.to_syslog": "yes",
    "logging.to_stderr": "no",
  });
});

test("what has no equivalent is said", () => {
  const says = (pattern: RegExp, ...edits: readonly (readonly [string, string])[]) =>
    assert.match(edited(...edits).notes.join("\n"), pattern);
  says(/no keyfile/);
  says(/transport rdma: gone/, ['two_node="1"', 'two_node="1" transport="rdma"']);
  says(/udpu: Corosync 3 encrypts with knet only/, ['two_node="1"', 'two_node="1" transport="udpu"']);
  says(/broadcast/, ['two_node="1"', 'two_node="1" broadcast="yes"']);
  says(/not all nodes have one/, ALTNAMES[0]);
  says(/with udpu Corosync 3 has one link/, ['two_node="1"', 'two_node="1" transport="udpu"'], ...ALTNAMES);
  says(/rrp_mode/, ["<clusternodes>", '<totem rrp_mode="passive"/><clusternodes>']);
  says(/quorumd/, ["<clusternodes>", "<quorumd/><clusternodes>"]);
  says(/multicast 239\.0\.0\.1/, ['expected_votes="1"/>', '><multicast addr="239.0.0.1"/></cman>']);
});

test("what is written is read back", () => {
  const { keys } = edited(...ALTNAMES);
  const read = parseCorosyncConf(`# by us\n${formatCorosyncConf(keys)}`);
  assert.ok(read.ok);
  assert.deepEqual(read.keys, keys);
  assert.deepEqual(compareCorosync(keys, read.keys), []);
});

test("broken files are told with their line; nothing is thrown", () => {
  const problem = (text: string) => {
    const read = parseCorosyncConf(text);
    return read.ok ? "" : `${read.line}: ${read.problem}`;
  };
  assert.equal(problem("totem {\n  version 2\n}"), "2: neither a section nor NAME: VALUE");
  assert.equal(problem("}\n"), "1: a } that closes nothing");
  assert.equal(problem("totem {\n"), "2: section totem is never closed");
  assert.equal(problem("{\n"), "1: a section without a name");
  assert.match(problem("a {\n".repeat(9)), /nested too deeply/);
  assert.match(problem("x".repeat(2_000_000)), /too long/);
  fc.assert(fc.property(fc.string(), (text) => void parseCorosyncConf(text)));
});

test("which differences matter", () => {
  const { keys } = edited(
    ["<clusternodes>", '<totem token="3000" secauth="off"/><clusternodes>'],
    ...ALTNAMES,
  );
  const told = (...changes: readonly (readonly [string, string | undefined])[]) => {
    const found = new Map(keys);
    for (const [key, value] of changes) {
      if (value === undefined) found.delete(key);
      else found.set(key, value);
    }
    return compareCorosync(keys, found).map(({ weight, text }) => `${weight}: ${text}`);
  };
  assert.deepEqual(told(["nodelist.node.1.nodeid", "7"]), [
    "matters: Corosync calls alpha2 node 7, cluster.conf node 2",
  ]);
  assert.deepEqual(told(["nodelist.node.1.nodeid", "7"], ["nodelist.node.1.name", "beta"]), [
    "matters: Corosync does not know node 2 (alpha2)",
    "matters: Corosync has node 7 (beta), cluster.conf has not",
  ]);
  assert.deepEqual(told(["nodelist.node.1.name", "beta"]), [
    "matters: node 2 is beta for Corosync and alpha2 in cluster.conf",
  ]);
  assert.deepEqual(told(["nodelist.node.0.quorum_votes", "2"]), [
    "matters: node 1 (alpha1) has 2 votes, cluster.conf gives it 1",
  ]);
  assert.deepEqual(told(["nodelist.node.0.ring1_addr", undefined]), [
    "matters: node 1 (alpha1) is reached at alpha1, cluster.conf names alpha1, alpha1-b",
  ]);
  assert.deepEqual(told(["nodelist.node.0.ring0_addr", "192.0.2.1"]), [
    "plain: node 1 (alpha1) is reached at 192.0.2.1, alpha1-b, cluster.conf names alpha1, alpha1-b",
  ]);
  assert.deepEqual(told(["quorum.two_node", undefined]), [
    "matters: quorum.two_node is 0, cluster.conf means 1",
  ]);
  assert.deepEqual(told(["quorum.expected_votes", "9"]), [
    "matters: quorum.expected_votes is 9, cluster.conf means none",
  ]);
  assert.deepEqual(told(["totem.token", undefined]), []); // 3000 is Corosync's default.
  assert.deepEqual(told(["totem.token", "9000"], ["logging.debug", "on"]), [
    "matters: totem.token is 9000, cluster.conf means 3000",
  ]);
  assert.deepEqual(told(["totem.cluster_name", "x"]), [
    "matters: totem.cluster_name is x, cluster.conf means alpha",
  ]);
});
