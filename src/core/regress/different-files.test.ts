/**
 * Node 4 has a newer cluster.conf in which node 1 has another name. The ledger is compared by a digest
 * in every new ring: what a node writes into it must not depend on its own file, or the next change of
 * the view parts those who had agreed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterConfig } from "../config.ts";
import { ledgerDigest } from "../domain/digest.ts";
import { majorityOf, Net } from "../net-harness.ts";
import { configOf } from "../testing.ts";

function renamed(): ClusterConfig {
  const config = configOf(4, { version: 2, digest: "v2" });
  return {
    ...config,
    nodes: config.nodes.map((node) => (node.id === 1 ? { ...node, name: "tpve01" } : node)),
  };
}

test("ledgers stay equal while the files differ", () => {
  const net = new Net(configOf(4));
  const keys = ["1", "2", "3", "4"];
  for (const key of keys) net.boot(key, key === "4" ? { config: renamed() } : {});
  net.view(keys, majorityOf(4));
  net.run(10_000);
  net.agent = () => undefined;
  net.kill("3");
  const rest = ["1", "2", "4"];
  net.view(rest, majorityOf(4));
  net.run(500);
  assert.equal(net.node("1").state.ledger.victims[0]?.stage, "fencing");
  const digests = rest.map((key) => ledgerDigest(net.node(key).state.ledger));
  assert.deepEqual(digests, [digests[0], digests[0], digests[0]]);

  net.view(rest, majorityOf(4));
  net.run(500);
  for (const key of rest) {
    assert.equal(net.node(key).state.ring?.phase, "synced");
    assert.equal(net.node(key).state.ring?.authority.length, 3);
  }
});
