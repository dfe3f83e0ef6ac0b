import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseClusterConf } from "../parse.ts";
import { diffConfigs, isUsable, type UsableConfig } from "./diff-configs.ts";

const EXAMPLES = new URL("../../../docs/examples/", import.meta.url);

function example(name: string): string {
  return readFileSync(new URL(`${name}.conf`, EXAMPLES), "utf8");
}

function usable(text: string): UsableConfig {
  const parsed = parseClusterConf(text);
  assert.ok(isUsable(parsed), parsed.problems.map(({ what }) => what).join("\n"));
  return parsed;
}

/** The changes as lines, `weight: text: effect`, when `edits` are made in an example. */
function changed(name: string, ...edits: readonly (readonly [from: string, to: string])[]): string[] {
  const before = example(name);
  let after = before.replace(/config_version="(\d+)"/, (_, n) => `config_version="${Number(n) + 1}"`);
  for (const [from, to] of edits) {
    assert.ok(after.includes(from), from);
    after = after.replace(from, to);
  }
  return diffConfigs(usable(before), usable(after)).map(({ weight, text, effect }) =>
    effect === undefined ? `${weight}: ${text}` : `${weight}: ${text}: ${effect}`,
  );
}

test("layout, comments and the order of attributes mean nothing", () => {
  assert.deepEqual(
    changed(
      "two-nodes",
      ['name="alpha1" nodeid="1"', '\n  nodeid="1"  name="alpha1"'],
      ["<!--", "<!-- more,"],
    ),
    [],
  );
});

test("a node that gains its first method, and one that loses its last", () => {
  const ilo3 = '<fencedevice name="ilo3" agent="fence_ilo" ipaddr="i3" login="l" passwd_script="/p"/>';
  const method = '<fence><method name="power"><device name="ilo3"/></method></fence>';
  assert.deepEqual(
    changed(
      "article",
      ['nodeid="3"/>', `nodeid="3">${method}</clusternode>`],
      ["</fencedevices>", `${ilo3}</fencedevices>`],
    ),
    [
      "better: tpve03 gains method power (ilo3): it no longer freezes the cluster",
      "plain: fence device ilo3 is new: fence_ilo",
    ],
  );
  const lost = changed("article", [
    '<fence>\n        <method name="1">\n          <device name="tpve02"/>\n        </method>\n      </fence>',
    "",
  ]);
  assert.deepEqual(lost, [
    "watch: tpve02 loses method 1 (tpve02): its loss freezes the cluster until a person acts",
    "plain: fence device tpve02 is gone",
  ]);
});

test("nodes that come, go, and change their names and numbers", () => {
  assert.deepEqual(changed("article", ['  <clusternode name="tpve03" votes="1" nodeid="3"/>', ""]), [
    "watch: tpve03 is gone: it must have left the cluster before: nobody fences it any more",
  ]);
  assert.deepEqual(
    changed("article", ["</clusternodes>", '<clusternode name="x" nodeid="9"/></clusternodes>']),
    ["watch: x is new, as node 9, without a method: its loss freezes the cluster until a person acts"],
  );
  assert.deepEqual(changed("article", ['name="tpve03"', 'name="tpve3"']), [
    "watch: node 3 is called tpve3 instead of tpve03",
  ]);
  assert.deepEqual(changed("article", ['votes="1" nodeid="3"', 'votes="2" nodeid="7"']), [
    "frozen: tpve03 is node 7 instead of 3: numbers of members cannot change while they run: fencing goes by this number",
    "plain: tpve03 has 2 votes instead of 1",
  ]);
});

test("methods: other devices, other times, another order", () => {
  const one = changed("five-nodes", [
    '<device name="pdu-a" port="1" action="off"/>',
    '<device name="pdu-a" port="9" action="off"/>',
  ]);
  assert.equal(one.length, 1);
  assert.match(one[0] ?? "", /^watch: node1: method power \(pdu-a 9 off .*, it was power \(pdu-a 1 off /);
  assert.deepEqual(changed("two-nodes", [' delay="5"', ' delay="9"']), [
    "plain: alpha1: method bmc has other times: it waits 9 s before it cuts, it waited 5 s",
  ]);
  const swapped = changed(
    "five-nodes",
    ['<method name="bmc">', '<method name="x">'],
    ['name="power"', 'name="bmc"'],
  );
  assert.ok(swapped.some((line) => line.startsWith("plain: node1 gains method x")));
  assert.ok(swapped.some((line) => line.startsWith("watch: node1 loses method power")));
});

test("devices: where it goes is looked at twice, and no password is ever shown", () => {
  assert.deepEqual(changed("two-nodes", ["192.0.2.11", "192.0.2.99"]), [
    "watch: fence device bmc-alpha1: ipaddr is 192.0.2.99, it was 192.0.2.11: it could cut off another machine: bouncer check",
  ]);
  assert.deepEqual(changed("two-nodes", ['passwd_script="/etc/cluster/bmc-password"', 'passwd="Hush"']), [
    "plain: fence device bmc-alpha1: passwd_script is not given, it was /etc/cluster/bmc-password",
    "plain: fence device bmc-alpha1: passwd is new",
  ]);
  assert.deepEqual(changed("two-nodes", ['lanplus="1"', 'passwrd="Hush"']), [
    "plain: fence device bmc-alpha1: lanplus is not given, it was 1",
    "plain: fence device bmc-alpha1: passwrd is new",
  ]);
  assert.match(
    changed("two-nodes", ['agent="fence_ipmilan"', 'agent="fence_ilo4"'])[0] ?? "",
    /^watch: fence device bmc-alpha1 is driven by fence_ilo4 instead of fence_ipmilan/,
  );
});

test("the cluster, its waits, and what is Corosync's", () => {
  assert.match(changed("article", ['name="tpve" ', 'name="other" '])[0] ?? "", /^frozen: .*another cluster/);
  assert.match(
    changed("two-nodes", ['two_node="1"', 'two_node="0"'], ['expected_votes="1"', ""])[0] ?? "",
    /^frozen: two_node is off/,
  );
  assert.deepEqual(changed("five-nodes", ['post_fail_delay="0"', 'post_fail_delay="-1"']), [
    "watch: post_fail_delay is for ever, it was 0 s: until the node is back or a person acts",
  ]);
  assert.deepEqual(changed("five-nodes", ['evidence="C"', 'evidence="A"']), [
    "better: evidence A is enough, it was C",
  ]);
  assert.deepEqual(changed("five-nodes", ['evidence="C"', 'evidence="D" clean_start="1"']), [
    "watch: evidence D is enough, it was C: weaker proof thaws storage",
    "watch: clean_start is on: absent nodes are believed to be off at the start",
  ]);
  assert.deepEqual(changed("five-nodes", ["<clusternodes>", '<totem token="20000"/><dlm/><clusternodes>']), [
    "plain: totem token is 20000, it was not given: Corosync's own file decides: bouncer corosync-conf --diff",
    "plain: <dlm> is new; it is kept and not looked at",
  ]);
});

test("a version that does not grow is said", () => {
  const text = example("article");
  const older = text.replace('config_version="5"', 'config_version="4"');
  assert.match(diffConfigs(usable(text), usable(older))[0]?.text ?? "", /version 4 is older than 5/);
  const same = text.replace('nodeid="3"', 'nodeid="3" votes2=""').replace(' votes2=""', "  ");
  assert.match(diffConfigs(usable(text), usable(same))[0]?.text ?? "", /both files are version 5/);
});
