/**
 * Ten files of each format in test/golden/import, with the cluster.conf and the notes that come of them. The
 * result is read back: the same devices, levels and delays. To accept a change: IMPORT_GOLDEN_REWRITE=1.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { DeviceUse, NodeConfig } from "../../core/config.ts";
import type { ParameterPair } from "../parameters.ts";
import { parseClusterConf } from "../parse.ts";
import { formatProblem } from "../problem.ts";
import { redactText } from "../redact.ts";
import { importLines } from "./from-lines.ts";
import { importPacemaker } from "./from-pacemaker.ts";
import type { Imported, ImportResult } from "./imported.ts";
import { formatClusterConf } from "./to-cluster-conf.ts";

const GOLDEN = new URL("../../../test/golden/import/", import.meta.url);
const REWRITE = process.env["IMPORT_GOLDEN_REWRITE"] === "1";
const FORMATS = ["pacemaker", "dlm", "fence.cfg"] as const;

function imported(format: (typeof FORMATS)[number], text: string): ImportResult {
  return format === "pacemaker" ? importPacemaker(text) : importLines(text, format);
}

for (const format of FORMATS) {
  const folder = new URL(`${format}/`, GOLDEN);
  const files = readdirSync(folder).filter((name) => /\.(?:xml|conf|cfg)$/.test(name));
  test(`${format}: ten of them`, () => assert.ok(files.length >= 10));
  for (const name of files) {
    test(`${format}/${name}`, () => {
      const result = imported(format, readFileSync(new URL(name, folder), "utf8"));
      assert.ok(result.ok, result.ok ? "" : result.problem);
      const { text, notes } = formatClusterConf(result.imported);
      const parsed = parseClusterConf(text);
      const findings = parsed.problems.map((one) => formatProblem(one, "cluster.conf"));
      const actual = `${text}${[...notes.map((note) => `note: ${note}`), ...findings].join("\n")}\n`;
      const expected = new URL(`${name}.out`, folder);
      if (REWRITE) writeFileSync(expected, actual);
      assert.equal(actual, readFileSync(expected, "utf8"));
      assert.doesNotMatch(notes.join("\n") + findings.join("\n") + redactText(text), /Hush/);
      if (result.imported.nodes.length > 0) checkRoundTrip(result.imported, text);
    });
  }
}

/** The parsed configuration says of every node what the import said. */
function checkRoundTrip(from: Imported, text: string): void {
  const { config, parameters, problems } = parseClusterConf(text);
  assert.ok(config && parameters, problems.map(({ what }) => what).join("\n"));
  const agents = new Map(from.devices.map(({ name, agent }) => [name, agent]));
  for (const node of from.nodes) {
    const found: NodeConfig | undefined = config.nodes.find((one) => one.name === node.name);
    assert.ok(found, node.name);
    if (node.id !== undefined) assert.equal(found.id, node.id);
    assert.equal(found.methods.length, node.methods.length);
    for (const [index, lines] of node.methods.entries()) {
      const uses: readonly DeviceUse[] = found.methods[index]?.devices ?? [];
      assert.deepEqual(
        uses.map(({ device, agent }) => [device, agent]),
        lines.map(({ device }) => [device, agents.get(device)]),
      );
      for (const [position, line] of lines.entries()) {
        const sent: readonly ParameterPair[] = parameters.find(node.name, index, position)?.pairs ?? [];
        const device = from.devices.find((one) => one.name === line.device)?.parameters ?? [];
        for (const [name, value] of [...device, ...line.parameters]) {
          const last = sent.filter((pair) => pair.name === name).map((pair) => pair.value);
          const shown = last.map((one) => (typeof one === "string" ? one : one.reveal()));
          assert.ok(shown.includes(value), `${node.name} ${line.device} ${name}`);
        }
        const delay = line.parameters.find(([name]) => name === "delay")?.[1];
        if (delay !== undefined) assert.equal(uses[position]?.delayMs, Number(delay) * 1_000);
      }
    }
    assert.equal(found.unfence.length, node.unfence.length);
  }
}

test("a method of several devices cuts all off before the first is on again", () => {
  const result = importLines(
    "device a:1 fence_apc ip=1\ndevice a:2 fence_apc ip=2\nconnect a:1 node=1 port=3\nconnect a:2 node=1 port=4\n",
    "dlm",
  );
  assert.ok(result.ok);
  const [method] = result.imported.nodes[0]?.methods ?? [];
  assert.deepEqual(
    method?.map(
      ({ device, parameters }) => `${device} ${parameters.map((pair) => pair.join("=")).join(" ")}`,
    ),
    ["a-1 port=3 action=off", "a-2 port=4 action=off", "a-1 port=3 action=on", "a-2 port=4 action=on"],
  );
});

test("names, ids and votes of Corosync take the place of guesses", () => {
  const result = importLines("device a fence_ilo ip=1\nconnect a node=2\n", "dlm");
  assert.ok(result.ok);
  const nodes = [
    { id: 2, name: "pve2", votes: 3 },
    { id: 5, name: "pve5" },
  ];
  const { text, notes } = formatClusterConf(result.imported, { name: "named", nodes });
  assert.match(text, /<cluster name="named"/);
  assert.match(text, /<clusternode name="pve2" nodeid="2" votes="3">/);
  assert.match(text, /<clusternode name="pve5" nodeid="5"\/>/);
  assert.match(notes.join("\n"), /node pve5 \(5\) of Corosync has no fence device/);
});

test("what is no such file is refused with its line, and never quotes a value", () => {
  const why = (result: ImportResult) => (result.ok ? "" : `${result.line}: ${result.problem}`);
  assert.equal(
    why(importLines("# x\ndevice a ilo ip=1 passwd=Hush\n", "dlm")),
    "2: device a names no fence agent",
  );
  assert.equal(
    why(importLines("device a fence_ilo Hush\n", "dlm")),
    "1: device a has a word that is no NAME=VALUE",
  );
  assert.equal(
    why(importLines("device a fence_ilo\nconnect a node=pve1\n", "dlm")),
    "2: connect a needs node=ID",
  );
  assert.equal(
    why(importLines("connect b node=1\n", "dlm")),
    "0: connect names device b, which no device line has",
  );
  assert.match(
    why(importLines("device a fence_ilo\ndevice a fence_ilo\n", "fence.cfg")),
    /^2: a second device a/,
  );
  assert.match(why(importPacemaker("<cib/>")), /no <configuration>/);
  assert.match(why(importPacemaker('<!DOCTYPE x [<!ENTITY e "y">]><cib/>')), /document type/);
  for (const format of FORMATS) {
    fc.assert(fc.property(fc.string(), (text) => void imported(format, text)));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("device ", "connect ", "a", " ", "=", "fence_x", "\n", '"', "node=1"), {
          maxLength: 40,
        }),
        (parts) => {
          const result = imported(format, parts.join(""));
          if (result.ok) formatClusterConf(result.imported);
        },
      ),
    );
  }
});
