import assert from "node:assert/strict";
import { test } from "node:test";
import { corosyncConf } from "./corosync-conf.ts";

const NODES = [
  { id: 1, name: "tpve01", address: "10.77.0.1", votes: 1 },
  { id: 7, name: "tpve07", address: "10.77.0.7", votes: 2 },
];

test("a two-node cluster", () => {
  const text = corosyncConf({
    clusterName: "tpve",
    nodes: NODES,
    tokenMs: 1_000,
    twoNode: true,
    expectedVotes: 1,
  });
  assert.equal(
    text,
    `totem {
  version: 2
  cluster_name: tpve
  transport: knet
  crypto_cipher: none
  crypto_hash: none
  token: 1000
  token_coefficient: 0
}
nodelist {
  node {
    ring0_addr: 10.77.0.1
    name: tpve01
    nodeid: 1
    quorum_votes: 1
  }
  node {
    ring0_addr: 10.77.0.7
    name: tpve07
    nodeid: 7
    quorum_votes: 2
  }
}
quorum {
  provider: corosync_votequorum
  expected_votes: 1
  two_node: 1
}
logging {
  to_stderr: yes
  to_syslog: no
  to_logfile: no
  timestamp: hires
}
`,
  );
});

test("votes are counted from the node list when nobody expects another number", () => {
  const text = corosyncConf({ clusterName: "tpve", nodes: NODES, tokenMs: 500, twoNode: false });
  assert.doesNotMatch(text, /expected_votes|two_node/);
});
