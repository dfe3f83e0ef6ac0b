import assert from "node:assert/strict";
import { test } from "node:test";
import { createRing, type RingHarness } from "../ring-harness.ts";

function openRing(): RingHarness {
  const ring = createRing([1, 2, 3]);
  ring.view("r1", [1, 2, 3]);
  ring.settle();
  for (const node of [1, 2, 3]) assert.equal(ring.states.get(node)?.gate.open, true);
  return ring;
}

const quorum = { type: "quorum", ringId: "r1", quorumVotes: 2, ownVotes: 1 } as const;

test("a node without a quorum shuts its own gate at once, says why, and opens only by a new epoch", () => {
  const ring = openRing();
  ring.feed(3, { ...quorum, quorate: false });
  assert.deepEqual(ring.states.get(3)?.gate.because, ["this node has no quorum"]);
  assert.equal(ring.states.get(1)?.gate.open, true, "the others go on");
  ring.feed(3, { ...quorum, quorate: true });
  assert.equal(ring.states.get(3)?.gate.open, false, "the quorum alone opens nothing");
  ring.settle();
  assert.equal(ring.states.get(3)?.gate.open, true);
  assert.equal(ring.states.get(3)?.ledger.epoch.n, 2);
});

test("without the group nothing is known: the gate is shut and says so", () => {
  const ring = openRing();
  ring.feed(2, { type: "lost", why: "CS_ERR_LIBRARY" });
  assert.equal(ring.states.get(2)?.gate.open, false);
  assert.deepEqual(ring.states.get(2)?.gate.because, ["the group engine is gone: CS_ERR_LIBRARY"]);
});
