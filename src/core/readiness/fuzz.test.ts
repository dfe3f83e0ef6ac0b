/** Whatever devices and members say: nothing breaks, nothing grows, and no device is doubted without a reason. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { configOf, incarnationOf } from "../testing.ts";
import { refusalOf } from "./alarms.ts";
import type { ReadinessEffect, ReadinessInput } from "./state.ts";
import { LOOKS_AT_ONCE_MAX, startReadiness, stepReadiness } from "./step.ts";

const NODES = [1, 2, 3, 4];
const word = fc.oneof(fc.string(), fc.constantFrom("ilo2", "ilo3", "CZJ2080132", "CZJ2080133", ""));
const power = fc.constantFrom("on" as const, "off" as const, "unknown" as const);
const optional = { requiredKeys: [] };
const machine = fc.record({ serial: word, uuid: word, product: word }, optional);
const entry = fc.record({
  node: fc.integer({ min: 0, max: 6 }),
  deviceName: word,
  plug: fc.constantFrom("", "7"),
  standing: fc.constantFrom("unknown" as const, "ready" as const, "doubtful" as const, "failing" as const),
  power,
  tookMs: fc.nat(),
  ageMs: fc.nat(),
  detail: word,
});
const report = fc.record({
  type: fc.constant("report" as const),
  from: fc.integer({ min: 0, max: 6 }),
  report: fc.record({
    type: fc.constant("readiness" as const),
    entries: fc.array(entry, { maxLength: 8 }),
  }),
});
const told = fc.record({ from: fc.constantFrom(2, 3, 4, 9), machine });
const look = fc.record({ power, detail: word, tookMs: fc.nat(), serial: word, kind: word });
const event = fc.oneof(
  report,
  told.map(({ from, machine: one }) => ({
    type: "report" as const,
    from,
    report: { type: "readiness" as const, machine: one, entries: [] },
  })),
  look.map((one) => ({ type: "answer" as const, look: one })),
  fc.constant({ type: "tick" as const }),
);

test("fuzz: reports and looks of every kind", () => {
  const steps = fc.array(fc.record({ event, afterMs: fc.integer({ min: 0, max: 40_000 }) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const situation = {
        config: configOf(NODES.length),
        traits: [],
        members: NODES,
        speaking: new Map(NODES.map((node) => [node, incarnationOf(node)])),
        busy: [],
        ring: "r",
      };
      let now = 0;
      let state = startReadiness(1, situation, now);
      const asked: Extract<ReadinessEffect, { type: "look" }>[] = [];
      const serials = new Set<string>();
      let sawOff = false;
      const feed = (input: ReadinessInput): void => {
        const next = stepReadiness(state, input, now);
        state = next.state;
        for (const effect of next.effects) if (effect.type === "look") asked.push(effect);
      };
      for (const { event: one, afterMs } of all) {
        now += afterMs;
        if (one.type !== "answer") feed(one);
        else {
          const wanted = asked.shift();
          if (wanted === undefined) continue;
          const { serial, ...rest } = one.look;
          serials.add(serial.trim().toLowerCase());
          sawOff ||= rest.power === "off";
          feed({
            type: "looked",
            key: wanted.key,
            number: wanted.number,
            look: { ...rest, identity: { serial, uuids: [] } },
          });
        }
        assert.ok(asked.length <= LOOKS_AT_ONCE_MAX);
        assert.ok([...state.told.values()].every((entries) => entries.size <= NODES.length));
        assert.ok(state.machines.size <= NODES.length);
        for (const node of [2, 3, 4]) {
          const why = refusalOf(state, node, 0, { device: `ilo${node}`, plug: "" });
          if (why === undefined) continue;
          const named = [...state.machines].some(
            ([id, { serial = "" }]) => id !== node && serials.has(serial.trim().toLowerCase()),
          );
          assert.ok(named || sawOff, why);
        }
      }
    }),
    { numRuns: 300 },
  );
});
