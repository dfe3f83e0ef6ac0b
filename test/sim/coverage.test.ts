/** What `bouncer coverage` and `bouncer what-if` find out, on configurations whose answer is known. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseClusterConf } from "../../src/config/parse.ts";
import type { ClusterConfig } from "../../src/core/config.ts";
import { type Coverage, countRows, coverageOf, newFreezes } from "../../src/sim/trial/coverage.ts";
import { type Fault, singleFaults } from "../../src/sim/trial/faults.ts";
import { tryFaults } from "../../src/sim/trial/trial.ts";

function read(text: string): ClusterConfig {
  const { config, problems } = parseClusterConf(text);
  assert.ok(config, JSON.stringify(problems));
  return config;
}

function example(name: string): string {
  return readFileSync(new URL(`../../docs/examples/${name}.conf`, import.meta.url), "utf8");
}

function outcomeOf({ singles }: Coverage, text: string) {
  const row = singles.find((one) => one.text === text);
  assert.ok(row, `${text} is not among: ${singles.map((one) => one.text).join("; ")}`);
  return row.outcome;
}

const ARTICLE = coverageOf(read(example("article")));
const FIVE = coverageOf(read(example("five-nodes")));
const TWO = coverageOf(read(example("two-nodes")));

test("losing tpve03 of the article freezes the cluster until fence_ack_manual tpve03", () => {
  for (const text of [
    "tpve03 falls silent",
    "bouncerd on tpve03 dies and does not come back",
    "the network breaks: tpve01, tpve02 | tpve03",
  ]) {
    const { verdict, acts, why, writers } = outcomeOf(ARTICLE, text);
    assert.equal(verdict, "freezes", text);
    assert.deepEqual(
      acts.map((act) => act.command),
      ["fence_ack_manual tpve03"],
    );
    assert.match(why[0]?.step ?? "", /no fence method is configured for tpve03/);
    assert.deepEqual(writers, []);
  }
});

test("losing a node with a controller ends by itself, with proof A", () => {
  const { verdict, grade, hows, writers, heldMs } = outcomeOf(ARTICLE, "tpve02 falls silent");
  assert.deepEqual([verdict, grade, hows, writers], ["ends", "A", ["agent"], [1, 3]]);
  assert.ok(heldMs > 5_000 && heldMs < 20_000, `${heldMs}`);
});

test("a controller that dies with its node proves nothing; switched outlets beside it do", () => {
  const dead = "loses its power, and its controller with it";
  assert.equal(outcomeOf(ARTICLE, `tpve02 ${dead}`).verdict, "freezes");
  const { verdict, heldMs } = outcomeOf(FIVE, `node2 ${dead}`);
  assert.equal(verdict, "ends");
  assert.ok(heldMs > 60_000, "the controller's time limit passes first");
});

test("with a second method for every node no single fault needs a person, and few double ones do", () => {
  assert.equal(countRows(FIVE.singles).freeze, 0);
  const fresh = newFreezes(FIVE);
  assert.equal(fresh.length, countRows(FIVE.doubles).freeze);
  assert.ok(fresh.length > 0 && fresh.length < FIVE.doubles.length / 10, `${fresh.length}`);
  assert.ok(fresh.some(({ text }) => text.includes("node1 loses its power") && text.includes("pdu-a")));
});

test("every freeze ends by what `why` names, every other one by itself with a proof", () => {
  for (const coverage of [ARTICLE, FIVE, TWO]) {
    for (const { text, outcome } of [...coverage.singles, ...coverage.doubles]) {
      assert.ok(outcome.ended, text);
      if (outcome.verdict === "freezes") assert.ok(outcome.acts.length > 0, text);
      if (outcome.verdict === "ends") assert.match(outcome.grade ?? "none", /^[ABC]$/, text);
      assert.equal(outcome.verdict === "freezes", outcome.writers.length === 0, text);
    }
  }
});

test("two nodes: the delay decides a broken link, and nobody is left when both fall silent", () => {
  assert.deepEqual(outcomeOf(TWO, "the network breaks: alpha1 | alpha2").writers, [1]);
  const both = TWO.doubles.find((row) => row.text === "alpha1 falls silent + alpha2 falls silent");
  assert.equal(both?.outcome.verdict, "freezes");
  assert.deepEqual(both?.outcome.why, []);
});

test("a method for tpve03 takes the freeze away", () => {
  const device = '<fencedevice agent="fence_apc" name="pdu" ipaddr="192.0.2.31"/></fencedevices>';
  const fence = '<fence><method name="power"><device name="pdu" port="3"/></method></fence></clusternode>';
  const text = example("article")
    .replace("</fencedevices>", device)
    .replace(
      '<clusternode name="tpve03" votes="1" nodeid="3"/>',
      `<clusternode name="tpve03" votes="1" nodeid="3">${fence}`,
    );
  const coverage = coverageOf(read(text), { doubles: "no" });
  assert.equal(outcomeOf(coverage, "tpve03 falls silent").verdict, "ends");
  assert.deepEqual(coverage.doubles, []);
});

const CONF = (rest: string, daemon = ""): ClusterConfig =>
  read(
    `<cluster name="t" config_version="1">${daemon}<clusternodes>${[1, 2, 3]
      .map(
        (id) =>
          `<clusternode name="n${id}" nodeid="${id}"><fence><method name="m"><device name="d${id}" port="${id}"/></method></fence></clusternode>`,
      )
      .join("")}</clusternodes><fencedevices>${rest}</fencedevices></cluster>`,
  );

const devices = (agent: string): string =>
  [1, 2, 3].map((id) => `<fencedevice name="d${id}" agent="${agent}" ipaddr="192.0.2.${id}"/>`).join("");

test("a fabric agent cuts off from the storage and leaves the power on", () => {
  const said: string[] = [];
  const silent: Fault = { type: "silent", node: 2 };
  const outcome = tryFaults(CONF(devices("fence_brocade")), [silent], {
    say: (_, __, text) => said.push(text),
  });
  assert.deepEqual([outcome.verdict, outcome.grade], ["ends", "A"]);
  assert.ok(said.includes("n2 cut off from the storage (d2 2)"), said.join("\n"));
  assert.ok(!said.some((text) => text.includes("power off")));
});

test("an outlet that two nodes share switches both off", () => {
  const said: string[] = [];
  const shared = CONF(devices("fence_apc"));
  const config = {
    ...shared,
    nodes: shared.nodes.map((node) =>
      node.id === 3 ? { ...node, methods: shared.nodes[1]?.methods ?? [] } : node,
    ),
  };
  tryFaults(config, [{ type: "silent", node: 2 }], { say: (_, __, text) => said.push(text) });
  assert.ok(said.includes("n2 power off (d2 2)") && said.includes("n3 power off (d2 2)"), said.join("\n"));
});

test("a delay of -1 waits for a person, who fences by hand", () => {
  const config = CONF(devices("fence_apc"), '<fence_daemon post_fail_delay="-1"/>');
  const { verdict, acts, ended } = tryFaults(config, [{ type: "silent", node: 2 }]);
  assert.deepEqual([verdict, ended], ["freezes", true]);
  assert.deepEqual(
    acts.map((act) => act.command),
    ["bouncer fence n2"],
  );
});

test("two names of one device fail together", () => {
  const config = CONF(devices("fence_apc"));
  const aliases = new Map([
    ["d1", "d1"],
    ["d2", "d1"],
    ["d3", "d3"],
  ]);
  const down = singleFaults(config, aliases).filter((fault) => fault.type === "device");
  assert.deepEqual(
    down.map((fault) => fault.devices),
    [["d1", "d2"], ["d3"]],
  );
  const [first] = down;
  assert.ok(first);
  assert.equal(tryFaults(config, [first, { type: "silent", node: 2 }]).verdict, "freezes");
  assert.equal(tryFaults(config, [first, { type: "silent", node: 3 }]).verdict, "ends");
});

test("an agent's own delay is waited for", () => {
  const plain = CONF(devices("fence_apc"));
  const slow = {
    ...plain,
    nodes: plain.nodes.map((node) => ({
      ...node,
      methods: node.methods.map((method) => ({
        ...method,
        devices: method.devices.map((use) => ({ ...use, delayMs: 7_000 })),
      })),
    })),
  };
  const held = (config: ClusterConfig): number => tryFaults(config, [{ type: "silent", node: 2 }]).heldMs;
  assert.equal(held(slow) - held(plain), 7_000);
});
