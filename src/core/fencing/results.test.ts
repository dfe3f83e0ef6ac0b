/** What a late, foreign or early message must not do to a victim and to the next epoch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRing, type RingHarness } from "../ring-harness.ts";
import { epochOf } from "../testing.ts";
import { byNode } from "../turn.ts";

/** Node 3 is lost; its fencing begins on node 1. */
function ringWithVictim(): RingHarness {
  const ring = createRing([1, 2, 3]);
  ring.view("r1", [1, 2, 3]);
  ring.settle();
  ring.states.delete(3);
  ring.view("r2", [1, 2]);
  ring.settle();
  assert.equal(byNode(ring.states.get(1)?.ledger.victims ?? [], 3)?.stage, "fencing");
  return ring;
}

const evidence = [{ grade: "A", source: "ilo3 read off twice", at: 1, by: 1 }] as const;
const from = { nodeId: 1, processId: "1" };

test("proof about another run, or from before the failure, closes nothing", () => {
  const ring = ringWithVictim();
  const attempt = byNode(ring.states.get(1)?.ledger.victims ?? [], 3)?.attempt ?? 0;
  const result = { type: "fence-result", node: 3, ok: true, reason: "r", steps: [], evidence } as const;
  const right = { boot: "boot-3-1", start: "start-1" };
  const wrong = [
    { ...result, attempt, incarnation: { boot: "boot-3-2", start: "start-1" } },
    { ...result, attempt: 0, incarnation: right },
  ];
  for (const body of wrong) {
    for (const node of [1, 2]) ring.feed(node, { type: "deliver", from, message: { ring: "r2", body } });
    ring.settle();
    assert.deepEqual(byNode(ring.states.get(1)?.ledger.victims ?? [], 3)?.evidence, []);
  }
  const body = { ...result, attempt, incarnation: right };
  for (const node of [1, 2]) ring.feed(node, { type: "deliver", from, message: { ring: "r2", body } });
  ring.settle();
  assert.deepEqual(ring.states.get(1)?.ledger.victims, []);
  assert.equal(ring.states.get(2)?.gate.open, true);
});

test("an epoch that is proposed while a victim is open is not even written", () => {
  const ring = ringWithVictim();
  const count = () => ring.effects.get(2)?.filter((effect) => effect.type === "persist").length;
  const before = count();
  const body = { type: "propose", epoch: epochOf(9, [1, 2]), quorumVotes: 2, purpose: "members" } as const;
  ring.feed(2, { type: "deliver", from, message: { ring: "r2", body } });
  assert.equal(count(), before);
  assert.equal(ring.states.get(2)?.ring?.proposal, undefined);
});

test("a proposal's number is above every number on any disk present", () => {
  const ring = createRing([1, 2, 3]);
  ring.view("r1", [1, 2, 3]);
  ring.log.forEach((sent, index) => {
    const { body } = sent.message;
    if (body.type !== "hello" || sent.from.nodeId !== 3) return;
    const known = { ...body, durable: epochOf(7, [3]), live: false };
    ring.log[index] = { ...sent, message: { ...sent.message, body: known } };
  });
  ring.settle();
  assert.ok((ring.states.get(1)?.ledger.epoch.n ?? 0) > 7);
});
