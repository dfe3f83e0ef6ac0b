import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FENCE_DAEMON_DEFAULTS } from "../core/config.ts";
import type { NodeFacts } from "./facts.ts";
import { PROBLEMS_MAX } from "./limits.ts";
import type { ParsedConfig } from "./model.ts";
import { parseClusterConf } from "./parse.ts";
import { formatProblem } from "./problem.ts";

function golden(name: string): Uint8Array {
  return readFileSync(new URL(`../../test/golden/config/${name}.conf`, import.meta.url));
}

function factsOf(agent: string, names: readonly string[]): NodeFacts {
  const parameters = names.map((name) => ({
    name,
    required: false,
    deprecated: false,
    type: "string",
    options: [],
  }));
  return { agents: new Map([[agent, { type: "described", parameters, actions: [] }]]) };
}

function problemsOf(parsed: ParsedConfig): readonly string[] {
  return parsed.problems.map((problem) => formatProblem(problem, "f"));
}

test("the article's configuration as decisions see it", () => {
  const bytes = readFileSync(new URL("../../docs/examples/article.conf", import.meta.url));
  const { config, keyfile } = parseClusterConf(bytes);
  assert.ok(config);
  assert.equal(config.name, "tpve");
  assert.equal(config.version, 5);
  assert.equal(config.twoNode, false);
  assert.equal(config.digest, createHash("sha256").update(bytes).digest("hex"));
  assert.equal(keyfile, "/var/lib/pve-cluster/corosync.authkey");
  assert.deepEqual(config.fenceDaemon, FENCE_DAEMON_DEFAULTS);
  const summary = config.nodes.map((node) => [
    node.id,
    node.name,
    node.votes,
    node.methods.length,
    node.line,
  ]);
  assert.deepEqual(summary, [
    [1, "tpve01", 1, 1, 10],
    [2, "tpve02", 1, 1, 17],
    [3, "tpve03", 1, 0, 24],
  ]);
  assert.deepEqual(config.nodes[1]?.methods, [
    {
      name: "1",
      devices: [{ device: "tpve02", agent: "fence_ilo", plug: "", delayMs: 0, budgetMs: 60_000, line: 20 }],
    },
  ]);
});

test("every element of the old stack is read or kept", () => {
  const { config, logging, legacy, totem, foreign, keyfile } = parseClusterConf(golden("good-everything"));
  assert.ok(config);
  assert.equal(config.version, 2_012_061_501);
  assert.equal(config.expectedVotes, 3);
  assert.deepEqual(config.fenceDaemon, {
    postJoinDelayMs: -1,
    postFailDelayMs: 30_000,
    overrideTimeMs: 5_000,
    daemonRestartGraceMs: 20_000,
    cleanStart: false,
    skipUndefined: true,
    checkIntervalMs: 60_000,
    evidence: "A",
  });
  assert.deepEqual(legacy, { overridePath: "/run/x", fenceCheckDelayMs: 5_000 });
  assert.deepEqual(logging, {
    toSyslog: true,
    toLogfile: false,
    level: "debug",
    logfile: "/var/log/cluster/x.log",
  });
  assert.deepEqual(totem, { token: "10000", consensus: "12000", rrp_mode: "passive", secauth: "on" });
  assert.deepEqual([...foreign].sort(), [
    "clvmd",
    "dlm",
    "fence_xvmd",
    "gfs_controld",
    "group",
    "rm",
    "uidgid",
  ]);
  assert.equal(keyfile, "/etc/cluster/key");
  const [first, second] = config.nodes;
  assert.deepEqual(first?.altnames, ["e1-ring1"]);
  assert.deepEqual(
    first?.methods.map((method) => method.devices.map((use) => `${use.action} ${use.plug}`)),
    [["off 1", "off 2", "on 1", "on 2"], ["off 11"]],
  );
  assert.deepEqual(
    first?.unfence.map((use) => [use.device, use.action]),
    [["switch", "on"]],
  );
  const bmc = second?.methods[0]?.devices[0];
  assert.equal(bmc?.delayMs, 5_000);
  assert.equal(bmc?.budgetMs, (60_000 * (5_000 + 3_000 + 12_000)) / 32_000 + 5_000);
});

test("the fence device's action wins over the line's, as the agents see it", () => {
  const { config } = parseClusterConf(`<cluster name="t" config_version="1"><clusternodes>
    <clusternode name="n" nodeid="1"><fence><method name="m"><device name="d" action="reboot"/></method></fence>
    </clusternode></clusternodes><fencedevices><fencedevice name="d" agent="fence_x" option="off"/></fencedevices>
    </cluster>`);
  assert.equal(config?.nodes[0]?.methods[0]?.devices[0]?.action, "off");
});

test("all problems at once, in the order of the file", () => {
  const { problems } = parseClusterConf(golden("many-at-once"));
  const lines = problems.map((problem) => problem.line);
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  );
  assert.ok(problems.length >= 10);
});

test("places are those of the attribute, also when a tag spans lines", () => {
  const parsed = parseClusterConf(
    '<cluster\n  name="t"\n  config_version="x">\n<clusternodes>\n</clusternodes></cluster>',
  );
  const version = parsed.problems.find((problem) => problem.what.startsWith("config_version"));
  assert.equal(version?.line, 3);
  assert.equal(version?.column, 3);
});

test("lines beyond 65535 are counted right", () => {
  const parsed = parseClusterConf(`${"\n".repeat(70_000)}<clutser/>`);
  assert.deepEqual(problemsOf(parsed), [
    'f:70001: error: the root element is <clutser>; expected <cluster>; did you mean "cluster"?',
  ]);
});

test("parameter names are checked against the agent's metadata when it is known", () => {
  const text = (attributes: string, line = "") => `<cluster name="t" config_version="1"><clusternodes>
    <clusternode name="n" nodeid="1"><fence><method name="m"><device name="d" ${line}/></method></fence></clusternode>
    </clusternodes><fencedevices><fencedevice name="d" agent="fence_x" ${attributes}/></fencedevices></cluster>`;
  const facts = factsOf("fence_x", ["ip", "username", "password", "plug", "ssl-insecure"]);
  const good = text(
    'ipaddr="a" login="b" passwd_script="/c" ssl_insecure="1" delay="1"',
    'port="1" action="off"',
  );
  assert.deepEqual(problemsOf(parseClusterConf(good, { facts })), []);
  const bad = text('ipadr="a"', 'plgu="1"');
  assert.deepEqual(parseClusterConf(bad).problems, []);
  const problems = parseClusterConf(bad, { facts }).problems;
  assert.deepEqual(
    problems.map((problem) => [problem.severity, problem.what, problem.nearest]),
    [
      ["error", 'fence_x has no parameter "plgu"', "plug"],
      ["error", 'fence_x has no parameter "ipadr"', undefined],
    ],
  );
});

test("a flood of problems is cut, and still an error", () => {
  const nodes = Array.from({ length: 2_000 }, (_, index) => `<node id="${index}"/>\n`).join("");
  const { config, problems } = parseClusterConf(
    `<cluster name="t" config_version="1"><clusternodes>${nodes}</clusternodes></cluster>`,
  );
  assert.equal(config, undefined);
  assert.equal(problems.length, PROBLEMS_MAX + 1);
  assert.match(problems.at(-1)?.what ?? "", /more problems are not shown/);
});

test("more nodes, methods, devices, attributes or elements than we take are said, not cut silently", () => {
  const repeat = (count: number, each: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => each(i + 1)).join("");
  const device = '<device name="d"/>';
  const wrap = (nodes: string) =>
    `<cluster name="t" config_version="1"><clusternodes>${nodes}</clusternodes><fencedevices><fencedevice name="d" agent="fence_a"/></fencedevices></cluster>`;
  const node = (fence: string) =>
    wrap(`<clusternode name="n" nodeid="1"><fence>${fence}</fence></clusternode>`);
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      wrap(repeat(129, (i) => `<clusternode name="n${i}" nodeid="${i}"/>`)),
      /129 nodes; expected at most 128/,
    ],
    [node(repeat(17, (i) => `<method name="m${i}">${device}</method>`)), /17 methods; expected at most 16/],
    [node(`<method name="m">${device.repeat(17)}</method>`), /17 devices; expected at most 16/],
    [wrap(`<x ${repeat(200, (i) => ` a${i}="1"`)}/>`), /too many attributes/],
    [wrap("<x/>".repeat(10_001)), /too many elements/],
  ];
  for (const [text, expected] of cases) {
    const parsed = parseClusterConf(text);
    assert.equal(parsed.config, undefined);
    assert.match(problemsOf(parsed).join("\n"), expected);
  }
});
