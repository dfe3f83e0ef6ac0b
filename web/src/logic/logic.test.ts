import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeView, StatusView, VictimView } from "../../../src/core/view/types.ts";
import { contradictionsOf } from "./contradictions.ts";
import { lookOf } from "./node-state.ts";
import { statementOf } from "./statement.ts";
import { lanesOf, SPAN_MS } from "./timeline.ts";
import { verdictOf } from "./verdict.ts";

const NOW = 10_000_000;

function node(id: number, more: Partial<NodeView> = {}): NodeView {
  return { id, name: `n${id}`, state: "member", present: true, master: id === 1, methods: ["ilo"], ...more };
}

function victim(more: Partial<VictimView> = {}): VictimView {
  return {
    id: 2,
    name: "n2",
    cause: "node-down",
    stage: "fencing",
    reason: "",
    attempt: 1,
    rounds: 0,
    steps: [],
    evidence: [],
    ...more,
  };
}

function status(more: Partial<StatusView> = {}): StatusView {
  return {
    cluster: "c",
    node: "n1",
    nodeId: 1,
    at: NOW,
    verdict: "",
    joined: true,
    gate: "open",
    gateSince: NOW - 5_000,
    epoch: 1,
    synced: true,
    quorate: true,
    expelled: false,
    master: 1,
    configVersion: 1,
    evidenceDemand: "C",
    nodes: [node(1), node(2), node(3)],
    victims: [],
    why: [],
    inUse: [],
    warnings: [],
    domain: {
      memberCount: 3,
      victimCount: 0,
      victimNow: 0,
      masterNodeid: 1,
      waitState: "none",
      members: [1, 2, 3],
    },
    ...more,
  };
}

function cause(code: string) {
  return { code, step: "", reason: "", endsWhen: "", actions: [] };
}

test("the verdict and how bad it is", () => {
  const cases: [StatusView | undefined, string, string][] = [
    [undefined, "unknown", "unknown"],
    [status(), "open", "good"],
    [status({ nodes: [node(1), node(2, { methods: [] })] }), "open", "warn"],
    [status({ readiness: { devices: 3, ready: 2, failing: 1 } }), "open", "warn"],
    [status({ gate: "frozen", victims: [victim()], why: [cause("victim")] }), "victim", "held"],
    [
      status({ gate: "frozen", victims: [victim({ stage: "stuck" })], why: [cause("victim")] }),
      "victim",
      "bad",
    ],
    [status({ gate: "frozen", why: [cause("messages")] }), "cause", "held"],
    [
      status({ gate: "frozen", victims: [victim()], why: [cause("victim"), cause("no-quorum")] }),
      "cause",
      "bad",
    ],
    [status({ gate: "frozen", why: [cause("expelled")] }), "cause", "bad"],
  ];
  for (const [view, type, tone] of cases) {
    const verdict = verdictOf(view);
    assert.deepEqual([verdict.type, verdict.tone], [type, tone]);
  }
});

test("a victim that needs a person is named first", () => {
  const victims = [victim(), victim({ id: 3, name: "n3", stage: "stuck" })];
  const verdict = verdictOf(status({ gate: "frozen", victims, why: [cause("victim")] }));
  assert.ok(verdict.type === "victim" && verdict.victim.name === "n3" && verdict.more === 1);
});

test("a healthy member that nobody can cut off does not look healthy", () => {
  assert.equal(lookOf(node(1), []), "member");
  assert.equal(lookOf(node(1, { methods: [] }), []), "memberUnfenceable");
  assert.equal(lookOf(node(2, { state: "victim" }), [victim({ stage: "stuck" })]), "stuck");
  assert.equal(lookOf(node(2, { state: "victim" }), [victim({ stage: "waiting" })]), "victim");
  const off = { at: 1, executor: 1, seq: 1 };
  assert.equal(lookOf(node(2, { state: "absent", lastFenced: { how: "agent", ...off } }), []), "fenced");
  assert.equal(
    lookOf(node(2, { state: "absent", lastFenced: { how: "override", ...off } }), []),
    "acknowledged",
  );
  assert.equal(lookOf(node(2, { state: "absent" }), []), "absent");
});

const STEP = {
  at: NOW - 3_000,
  executor: 1,
  attempt: 1,
  method: "ilo",
  methodIndex: 0,
  device: "ilo-2",
  deviceIndex: 0,
  agent: "fence_x",
  action: "status",
  result: "ok",
  tookMs: 5,
  text: "",
} as const;

test("a word is contradicted by a node that speaks and by a fresh reading of on, not by an old one", () => {
  const silent = [node(1), node(2, { present: false, state: "victim" })];
  const on = victim({ steps: [{ ...STEP, power: "on" }] });
  assert.deepEqual(contradictionsOf(status({ nodes: silent }), victim(), NOW), []);
  assert.equal(contradictionsOf(status(), victim(), NOW)[0]?.type, "speaks");
  assert.equal(contradictionsOf(status({ nodes: silent }), on, NOW)[0]?.type, "read-on");
  assert.deepEqual(contradictionsOf(status({ nodes: silent }), on, NOW + 60_000), []);
  const later = victim({
    steps: [
      { ...STEP, power: "on" },
      { ...STEP, power: "off" },
    ],
  });
  assert.deepEqual(contradictionsOf(status({ nodes: silent }), later, NOW), []);
});

test("a statement holds what was said, in one line", () => {
  const parts = {
    how: "cord",
    details: "both cords\n in my hand ",
    second: "boris",
    serial: " CZ123 ",
  } as const;
  assert.equal(
    statementOf(parts),
    "power cord pulled; both cords in my hand; serial CZ123; also checked by boris",
  );
  assert.equal(
    statementOf({ ...parts, second: "", serial: " " }),
    "power cord pulled; both cords in my hand",
  );
});

test("the last hour: bars for what was held and lost, marks for what was done", () => {
  const line = (at: number, code: string, of?: number) =>
    ({ at, code, level: "info", text: code, ...(of === undefined ? {} : { node: of }) }) as const;
  const lines = [
    line(NOW - SPAN_MS - 9_000, "freeze"),
    line(NOW - SPAN_MS - 8_000, "thaw"),
    line(NOW - 9_000, "freeze"),
    line(NOW - 4_000, "thaw"),
    line(NOW - 2_000, "joined", 3),
  ];
  const view = status({
    victims: [victim({ firstSeenAt: NOW - 1_000, steps: [{ ...STEP, result: "failed" }] })],
  });
  const [storage, , second, third] = lanesOf({ status: view, incidents: [], lines, now: NOW });
  assert.deepEqual(storage?.bars, [{ from: NOW - 9_000, to: NOW - 4_000, kind: "held", name: "" }]);
  assert.deepEqual(second?.bars, [{ from: NOW - 1_000, kind: "incident", name: "n2" }]);
  assert.deepEqual(
    second?.marks.map(({ kind }) => kind),
    ["step-failed"],
  );
  assert.deepEqual(
    third?.marks.map(({ kind }) => kind),
    ["join"],
  );
  const held = lanesOf({ status: status({ gate: "frozen" }), incidents: [], lines: [], now: NOW })[0];
  assert.deepEqual(held?.bars, [{ from: NOW - 5_000, kind: "held", name: "" }]);
});
