import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentMetadata, AgentParameter } from "../../ports/agent-metadata.ts";
import type { AgentParameters } from "../../ports/agent-parameters.ts";
import { agentInput } from "./agent-input.ts";

const parameter = (name: string, type: string, standard?: string): AgentParameter => ({
  name,
  type,
  required: false,
  deprecated: false,
  options: [],
  help: "",
  ...(standard === undefined ? {} : { default: standard }),
});

const METADATA: AgentMetadata = {
  name: "fence_ipmilan",
  shortdesc: "",
  parameters: [
    parameter("lanplus", "boolean", "0"),
    parameter("ssl", "boolean", "1"),
    parameter("ssl_insecure", "boolean"),
    parameter("power_wait", "second", "2"),
  ],
  actions: [],
};

function linesOf(
  pairs: AgentParameters["pairs"],
  more: { action?: string; agent?: string; password?: string; metadata?: AgentMetadata } = {},
): readonly string[] | string {
  const { agent = "fence_ipmilan", action = "off", metadata, password } = more;
  const input = agentInput({
    parameters: { agent, pairs },
    node: "tpve02",
    action,
    metadata,
    ...(password === undefined ? {} : { password }),
  });
  return input.ok ? new TextDecoder().decode(input.bytes).trimEnd().split("\n") : input.problem;
}

test("the action is ours and comes last, whatever the configuration says", () => {
  const pairs = [
    ["option", "reboot"],
    ["action", "on"],
    ["agent", "fence_x"],
    ["name", "ilo"],
    ["ip", "a=b"],
  ] as const;
  assert.deepEqual(linesOf(pairs), ["ip=a=b", "nodename=tpve02", "action=off"]);
});

test("nodename: as configured, else ours; not for agents that mean another thing by it", () => {
  assert.deepEqual(linesOf([["nodename", "x"]]), ["nodename=x", "action=off"]);
  assert.deepEqual(linesOf([], { agent: "fence_pve" }), ["action=off"]);
  assert.deepEqual(linesOf([], { agent: "/usr/sbin/fence_pve" }), ["action=off"]);
});

test("switches that are off are left out, because agents take them for on", () => {
  const pairs = [
    ["ssl-insecure", "0"],
    ["lanplus", "off"],
    ["ssl", "0"],
    ["plug", "0"],
  ] as const;
  assert.deepEqual(linesOf(pairs, { metadata: METADATA, action: "status" }), [
    "ssl=0",
    "plug=0",
    "nodename=tpve02",
    "action=status",
  ]);
  assert.equal(linesOf(pairs, { action: "status" }).length, 6); // Nothing is known: nothing is changed.
});

test("the pause of an agent is taken away from off and on only, and never a configured one", () => {
  const more = { metadata: METADATA };
  assert.ok(linesOf([], { ...more, action: "off" }).includes("power_wait=0"));
  assert.ok(!linesOf([], { ...more, action: "reboot" }).includes("power_wait=0"));
  assert.ok(!linesOf([], { ...more, action: "status" }).includes("power_wait=0"));
  assert.ok(!linesOf([["power-wait", "4"]], more).includes("power_wait=0"));
});

test("the script's password takes the place of every other", () => {
  const pairs = [
    ["passwd", "a"],
    ["password", "b"],
    ["password_script", "/c"],
  ] as const;
  assert.deepEqual(linesOf(pairs, { password: "d" }), ["nodename=tpve02", "passwd=d", "action=off"]);
});

test("values that agents would change on reading are quoted, those that they cannot read are refused", () => {
  assert.ok(linesOf([["passwd", " x "]]).includes('passwd=" x "'));
  assert.ok(linesOf([["passwd", '"x"']]).includes('passwd=""x""'));
  assert.ok(linesOf([["passwd", '"x']]).includes('passwd="x'));
  for (const text of ["a\nb", "a\rb", "a\0b"]) {
    const problem = linesOf([["passwd", text]]);
    assert.equal(problem, "the value of passwd contains a line break, which agents cannot read");
  }
  assert.match(String(linesOf([["a=b", "x"]])), /impossible name/);
  assert.match(String(linesOf([["a", "x".repeat(70_000)]])), /longer than/);
});
