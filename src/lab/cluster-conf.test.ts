import assert from "node:assert/strict";
import { test } from "node:test";
import { bmcAddress, bmcAt } from "./addresses.ts";
import { clusterConf, readClusterFacts } from "./cluster-conf.ts";

test("the lab's own configuration says what the lab has", () => {
  assert.deepEqual(readClusterFacts(clusterConf(3)), {
    name: "tpve",
    twoNode: false,
    nodes: [
      { id: 1, name: "tpve01", votes: 1 },
      { id: 2, name: "tpve02", votes: 1 },
      { id: 3, name: "tpve03", votes: 1 },
    ],
    devices: [
      { name: "tpve01", address: "10.78.0.65" },
      { name: "tpve02", address: "10.78.0.66" },
      { name: "tpve03", address: "10.78.0.67" },
    ],
  });
});

test("two nodes are a two-node cluster", () => {
  const { twoNode, expectedVotes } = readClusterFacts(clusterConf(2));
  assert.deepEqual({ twoNode, expectedVotes }, { twoNode: true, expectedVotes: 1 });
});

test("comments do not count, quotes of both kinds do, votes default to one", () => {
  const facts = readClusterFacts(`<cluster name='x'><!-- <clusternode name="no" nodeid="9"/> -->
    <clusternode nodeid = "4" name='yes'/><fencedevice name="d" agent="fence_dummy"/></cluster>`);
  assert.deepEqual(facts.nodes, [{ id: 4, name: "yes", votes: 1 }]);
  assert.deepEqual(facts.devices, []);
});

test("an address leads back to its node and controller, and no other address does", () => {
  for (const which of [1, 2] as const) {
    for (const id of [1, 17, 32]) assert.deepEqual(bmcAt(bmcAddress(id, which)), { id, which });
  }
  for (const address of ["10.78.0.1", "10.78.0.64", "10.78.0.97", "10.77.0.65", "ilo.example", ""]) {
    assert.equal(bmcAt(address), undefined, address);
  }
});

test("nodes that the lab cannot tell apart or address are refused", () => {
  const node = (id: string, name = "n") => `<clusternode name="${name}" nodeid="${id}"/>`;
  assert.throws(() => readClusterFacts(node("33")), /no room for node "n" with id 33/);
  assert.throws(() => readClusterFacts(node("x")), /id NaN/);
  assert.throws(() => readClusterFacts(node("1", "a b")), /no room for node "a b"/);
  assert.throws(() => readClusterFacts(node("1", "a") + node("1", "b")), /two nodes have one id/);
});
