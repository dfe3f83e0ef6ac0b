import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentTraits, DeviceUse } from "../config.ts";
import { configOf } from "../testing.ts";
import { holdOf, type Prediction, predict, type Question, type Seen } from "./predict.ts";

const TRAITS: readonly AgentTraits[] = [
  { agent: "fence_x", installed: true, actions: ["on", "off", "reboot", "status"], defaultAction: "reboot" },
];

function use(device: string, delayMs = 0): DeviceUse {
  return { device, agent: "fence_x", plug: "", delayMs, budgetMs: 1, line: 0 };
}

/** `seen`: by member and device, `12` answers in 12 ms, `-300` fails after 300 ms. */
function ask(seen: Record<string, Record<string, number>>, change: Partial<Question> = {}): string {
  const found: Prediction = predict({
    node: 2,
    methods: [{ name: "ilo", devices: [use("ilo2")] }],
    traits: TRAITS,
    executors: Object.keys(seen).map(Number),
    seen: (executor, key): Seen | undefined => {
      const ms = seen[executor]?.[key.split(" ")[1] ?? ""];
      if (ms === undefined) return undefined;
      return ms < 0 ? { standing: "failing", tookMs: -ms } : { standing: "ready", tookMs: ms };
    },
    incidents: [],
    holdMs: 0,
    ...change,
  });
  if (found.type !== "after") return found.type === "never" ? `never: ${found.why}` : found.type;
  return `${found.ms} ms by ${found.executor} with ${found.method}${found.isMeasured ? ", measured" : ""}`;
}

test("off, and two readings a moment apart", () => {
  assert.equal(ask({ 1: { ilo2: 10 } }), "140 ms by 1 with ilo");
  assert.equal(ask({ 1: { ilo2: 10 } }, { holdMs: 6_000 }), "6140 ms by 1 with ilo");
  assert.equal(
    ask({ 1: { ilo2: 10 } }, { methods: [{ name: "ilo", devices: [use("ilo2", 3_000)] }] }),
    "3140 ms by 1 with ilo",
  );
});

test("what an earlier shot took says more", () => {
  const step = { device: "ilo2", action: "off", result: "ok", tookMs: 4_200 } as never;
  assert.equal(
    ask({ 1: { ilo2: 10 } }, { incidents: [{ steps: [step] } as never] }),
    "4320 ms by 1 with ilo, measured",
  );
});

test("a method that fails is followed by the next, a member that fails by the next", () => {
  const methods = [
    { name: "ilo", devices: [use("ilo2")] },
    { name: "pdu", devices: [use("left"), use("right")] },
  ];
  assert.equal(ask({ 1: { ilo2: -500, left: 10, right: 20 } }, { methods }), "820 ms by 1 with pdu");
  assert.equal(
    ask({ 1: { ilo2: -500, left: 10, right: -50 }, 3: { ilo2: 10 } }, { methods }),
    "710 ms by 3 with ilo",
  );
});

test("never, and not known", () => {
  assert.equal(ask({ 1: { ilo2: -1 }, 3: { ilo2: -1 } }), "never: no-device");
  assert.equal(ask({}), "never: no-member");
  assert.equal(ask({ 1: { ilo2: 1 } }, { methods: [] }), "never: no-method");
  assert.equal(ask({ 1: { ilo2: 1 } }, { holdMs: -1 }), "never: waits-for-a-person");
  assert.equal(ask({ 1: { ilo2: -1 }, 3: {} }), "unknown");
});

test("of two nodes the one with the higher id waits; for ever stays for ever", () => {
  const two = configOf(2, { twoNode: true });
  assert.equal(holdOf(two, 2, 1), 2_000);
  assert.equal(holdOf(two, 1, 2), 0);
  assert.equal(holdOf(configOf(3), 3, 1), 0);
  const never = { ...two.fenceDaemon, postFailDelayMs: -1 };
  assert.equal(holdOf({ ...two, fenceDaemon: never }, 2, 1), -1);
});
