import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ClusterConfig } from "../core/config.ts";
import { compareWithEngine } from "./coherence.ts";
import { parseClusterConf } from "./parse.ts";

function article(): ClusterConfig {
  const { config } = parseClusterConf(
    readFileSync(new URL("../../docs/examples/article.conf", import.meta.url)),
  );
  assert.ok(config);
  return config;
}

const SAME = [
  { nodeId: 1, name: "tpve01" },
  { nodeId: 2, name: "tpve02" },
  { nodeId: 3, name: "tpve03" },
];

test("no difference, no sentence; names are not demanded, domains and case do not count", () => {
  assert.deepEqual(compareWithEngine(article(), SAME), []);
  assert.deepEqual(compareWithEngine(article(), [{ nodeId: 1 }, { nodeId: 2 }, { nodeId: 3 }]), []);
  const full = SAME.map(({ nodeId, name }) => ({ nodeId, name: `${name.toUpperCase()}.example.org` }));
  assert.deepEqual(compareWithEngine(article(), full), []);
});

test("two different domains are two different names", () => {
  const [first, ...rest] = article().nodes;
  assert.ok(first);
  const config = { ...article(), nodes: [{ ...first, name: "tpve01.a.org" }, ...rest] };
  const [sentence, ...others] = compareWithEngine(config, [
    { nodeId: 1, name: "tpve01.b.org" },
    ...SAME.slice(1),
  ]);
  assert.match(sentence ?? "", /Node 1 is called tpve01\.b\.org by Corosync and tpve01\.a\.org/);
  assert.deepEqual(others, []);
});

const CASES: readonly (readonly [string, readonly { nodeId: number; name?: string }[], readonly RegExp[]])[] =
  [
    [
      "a node that Corosync does not know",
      SAME.slice(0, 2),
      [/cluster\.conf has node 3 \(tpve03\).*corosync\.conf/],
    ],
    [
      "a node that cluster.conf does not know",
      [...SAME, { nodeId: 4, name: "tpve04" }],
      [/Corosync has node 4 \(tpve04\).*cannot be fenced/],
    ],
    ["without a name", [...SAME, { nodeId: 4 }], [/Corosync has node 4, which/]],
    [
      "another name for one id",
      [...SAME.slice(0, 2), { nodeId: 3, name: "other" }],
      [/Node 3 is called other by Corosync and tpve03/],
    ],
    [
      "two ids swapped",
      [{ nodeId: 2, name: "tpve01" }, { nodeId: 1, name: "tpve02" }, ...SAME.slice(2)],
      [
        /calls tpve01 node 2, cluster\.conf gives it nodeid 1/,
        /calls tpve02 node 1, cluster\.conf gives it nodeid 2/,
      ],
    ],
    [
      "a known name under an unknown id is one sentence, not two",
      [...SAME.slice(0, 2), { nodeId: 9, name: "tpve03" }],
      [/calls tpve03 node 9, cluster\.conf gives it nodeid 3/],
    ],
    ["one id twice", [...SAME, { nodeId: 3, name: "tpve03" }], [/lists node id 3 more than once/]],
    ["an empty list", [], [/node 1 \(tpve01\)/, /node 2 \(tpve02\)/, /node 3 \(tpve03\)/]],
  ];

for (const [name, engine, expected] of CASES) {
  test(name, () => {
    const sentences = compareWithEngine(article(), engine);
    assert.equal(sentences.length, expected.length, sentences.join("\n"));
    for (const [index, pattern] of expected.entries()) assert.match(sentences[index] ?? "", pattern);
  });
}
