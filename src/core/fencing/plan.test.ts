import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentTraits, DeviceUse, MethodConfig, NodeConfig } from "../config.ts";
import { actionOf, gradeOfOff, isReadBack, outletShared, planMethod } from "./plan.ts";

const POWER: AgentTraits = {
  agent: "fence_p",
  installed: true,
  actions: ["on", "off", "reboot", "status"],
  defaultAction: "reboot",
};
const FABRIC: AgentTraits = {
  agent: "fence_f",
  installed: true,
  actions: ["on", "off", "status"],
  defaultAction: "off",
};
const BLIND: AgentTraits = {
  agent: "fence_b",
  installed: true,
  actions: ["on", "off", "reboot"],
  defaultAction: "reboot",
};
const DISKS: AgentTraits = { ...FABRIC, agent: "fence_d", cuts: "storage" };
const TRAITS = [POWER, FABRIC, BLIND, DISKS];

function use(device: string, action?: string, agent = "fence_p", plug = ""): DeviceUse {
  return {
    device,
    agent,
    plug,
    delayMs: 0,
    budgetMs: 1,
    line: 0,
    ...(action === undefined ? {} : { action }),
  };
}

function show(devices: readonly DeviceUse[]): string {
  const method: MethodConfig = { name: "m", devices };
  const plan = planMethod(method, TRAITS);
  const text = (steps: typeof plan.proof): string =>
    steps
      .map(
        (s) =>
          `${s.type === "raw" ? s.action : s.type} ${devices[s.device]?.device}${devices[s.device]?.plug}`,
      )
      .join(", ");
  return `${text(plan.proof)} | ${text(plan.after)} | ${isReadBack(plan) ? "A" : "D"}`;
}

const cases: readonly (readonly [string, readonly DeviceUse[], string])[] = [
  ["a power agent reboots: off, read, on", [use("a")], "off a, read a | on a | A"],
  ["off stays off", [use("a", "off")], "off a, read a |  | A"],
  ["a fabric agent cuts off and leaves it so", [use("f", undefined, "fence_f")], "off f, read f |  | A"],
  ["old word of fabric agents", [use("f", "disable", "fence_f")], "off f, read f |  | A"],
  [
    "two supplies, as people wrote it",
    [use("a", "off"), use("b", "off"), use("a", "on"), use("b", "on")],
    "off a, off b, read a, read b | on a, on b | A",
  ],
  [
    "two supplies without actions: both off before either is on",
    [use("a"), use("b")],
    "off a, off b, read a, read b | on a, on b | A",
  ],
  [
    "one device, two outlets",
    [use("p", undefined, "fence_p", "1"), use("p", undefined, "fence_p", "2")],
    "off p1, off p2, read p1, read p2 | on p1, on p2 | A",
  ],
  ["nothing reads it back: D", [use("b", undefined, "fence_b")], "off b | on b | D"],
  [
    "one of two cannot be read: D",
    [use("a"), use("b", undefined, "fence_b")],
    "off a, off b, read a | on a, on b | D",
  ],
  ["cycle is taken as it is and proves little", [use("a", "cycle")], "cycle a |  | D"],
  ["on alone proves nothing", [use("a", "on")], " | on a | D"],
];

for (const [why, devices, expected] of cases) {
  test(`plan: ${why}`, () => assert.equal(show(devices), expected));
}

test("an agent that nobody knows is switched off and read, and never switched on by itself", () => {
  assert.equal(actionOf(use("x", undefined, "fence_unknown"), []), "reboot");
  assert.equal(show([use("x", undefined, "fence_unknown")]), "off x, read x |  | A");
  assert.equal(show([use("x", "reboot", "fence_unknown")]), "off x, read x | on x | A");
});

test("keys on disks: never given back by whoever fences, and proof of grade B for the whole method", () => {
  const disks = (action?: string): DeviceUse => use("d", action, "fence_d");
  for (const action of [undefined, "off", "reboot"]) {
    const method: MethodConfig = { name: "m", devices: [disks(action)] };
    assert.deepEqual(planMethod(method, TRAITS).after, []);
    assert.deepEqual(planMethod(method, TRAITS).proof, [
      { type: "off", device: 0 },
      { type: "read", device: 0 },
    ]);
    assert.equal(gradeOfOff(method, TRAITS), "B");
  }
  const lines: MethodConfig = { name: "m", devices: [disks("off"), disks("on"), use("p", "off")] };
  assert.deepEqual(planMethod(lines, TRAITS).after, []);
  assert.equal(gradeOfOff(lines, TRAITS), "B");
  assert.equal(gradeOfOff({ name: "m", devices: [use("p"), use("f", undefined, "fence_f")] }, TRAITS), "A");
});

test("an outlet is shared with this node when device and plug are the same; without a plug nobody knows", () => {
  const self = (...devices: readonly DeviceUse[]): NodeConfig => ({
    id: 1,
    name: "n1",
    votes: 1,
    altnames: [],
    methods: [{ name: "own", devices }],
    unfence: [],
    line: 0,
  });
  const method: MethodConfig = { name: "m", devices: [use("a"), use("pdu", "off", "fence_p", "7")] };
  assert.equal(outletShared(method, self(use("pdu", "off", "fence_p", "7")))?.device, "pdu");
  assert.equal(outletShared(method, self(use("pdu", "off", "fence_p", "8"))), undefined);
  assert.equal(outletShared(method, self(use("other", "off", "fence_p", "7"))), undefined);
  assert.equal(outletShared(method, self(use("a"))), undefined);
  assert.equal(outletShared(method, undefined), undefined);
});
