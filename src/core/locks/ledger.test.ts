/** Locks in the ledger: three cores in one ring, messages delivered one by one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Effect } from "../effects.ts";
import type { NodeId } from "../ids.ts";
import { createRing, type RingHarness } from "../ring-harness.ts";
import { statusOf } from "../view/status.ts";
import { claimsOf } from "./own.ts";
import { allResources, tableDigest } from "./table.ts";
import { line } from "./testing.ts";
import type { LockEvent, LockRequest } from "./types.ts";

function open(): RingHarness {
  const ring = createRing([1, 2, 3]);
  ring.view("r1", [1, 2, 3]);
  ring.settle();
  return ring;
}

function wish(ring: RingHarness, node: NodeId, ...requests: readonly LockRequest[]): void {
  ring.feed(node, { type: "locks", requests });
}

const lock = (id: number, name = "r", mode: "EX" | "PR" = "EX"): LockRequest => ({
  type: "lock",
  id,
  lockspace: "ls",
  name,
  mode,
  owner: "test",
});

function eventsOf(ring: RingHarness, node: NodeId): readonly LockEvent[] {
  const effects: readonly Effect[] = ring.effects.get(node) ?? [];
  return effects.flatMap((effect) => (effect.type === "lock-events" ? effect.events : []));
}

function shown(ring: RingHarness, node: NodeId): string {
  return [...allResources(ring.states.get(node)?.ledger.locks ?? assert.fail())].map(line).join("; ");
}

function claims(ring: RingHarness, node: NodeId): readonly string[] {
  const state = ring.states.get(node) ?? assert.fail();
  return claimsOf(state.locks).map(({ id, mode }) => `${id} ${mode}`);
}

test("a request gives nobody anything; the master's word does, at its delivery", () => {
  const ring = open();
  wish(ring, 2, lock(7));
  ring.deliver();
  assert.equal(shown(ring, 2), "|  | EX2");
  assert.deepEqual(eventsOf(ring, 2), []);
  assert.deepEqual(
    ring.log.map(({ from, message }) => `${from.nodeId} ${message.body.type}`),
    ["1 lock-grants"],
  );
  ring.deliver();
  assert.deepEqual(eventsOf(ring, 2), [{ type: "granted", id: 7, mode: "EX" }]);
  assert.equal(shown(ring, 3), "EX2 |  |");
});

test("the status counts locks, and wishes that were not granted", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  wish(ring, 1, lock(2));
  const counts = (node: NodeId): unknown =>
    statusOf(ring.states.get(node) ?? assert.fail(), { mono: 0, wall: 0 }).locks;
  assert.equal(counts(3), undefined);
  ring.settle();
  assert.deepEqual(counts(3), { count: 2, waiting: 1 });
  wish(ring, 2, { type: "unlock", id: 1 });
  ring.settle();
  assert.deepEqual(counts(3), { count: 1, waiting: 0 });
});

test("nobody but the master grants", () => {
  const ring = open();
  wish(ring, 2, lock(7));
  ring.deliver();
  const [word] = ring.log.splice(0);
  for (const nodeId of [2, 3]) {
    ring.log.push({ from: { nodeId, processId: "1" }, message: word?.message ?? assert.fail() });
    ring.deliver();
  }
  assert.equal(shown(ring, 1), "|  | EX2");
});

test("wishes of one node go out together, one message at a time", () => {
  const ring = open();
  for (let id = 1; id <= 5; id++) wish(ring, 2, lock(id, `r${id}`));
  const sent = (): readonly number[] =>
    ring.log.flatMap(({ message: { body } }) => (body.type === "lock-ops" ? [body.ops.length] : []));
  assert.deepEqual(sent(), [1]);
  ring.deliver();
  assert.deepEqual(sent(), [4]);
  ring.settle();
  assert.equal(eventsOf(ring, 2).length, 5);
});

test("while frozen: not granted, not told; what was given back is free afterwards", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  ring.settle();
  wish(ring, 1, lock(2));
  ring.settle();
  ring.view("r2", [1, 2]); // Node 3 is lost.
  wish(ring, 2, { type: "unlock", id: 1 });
  ring.settle();
  assert.equal(ring.states.get(1)?.gate.open, false);
  assert.equal(shown(ring, 1), "|  | EX1");
  assert.deepEqual(eventsOf(ring, 1), []);
});

test("a grant that arrives after the freeze in the same ring is void", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  ring.deliver();
  for (const node of [1, 2, 3])
    ring.feed(node, { type: "quorum", ringId: "r1", quorate: false, quorumVotes: 2, ownVotes: 1 });
  const word = ring.log.findIndex(({ message }) => message.body.type === "lock-grants");
  const inquorate = ring.log.findIndex(({ message }) => message.body.type === "inquorate");
  assert.ok(inquorate > word && word >= 0);
  ring.deliver(inquorate);
  ring.settle();
  assert.equal(shown(ring, 3), "|  | EX2");
});

test("claims: what was given back, in whole or in part, is not claimed", () => {
  const ring = open();
  wish(ring, 2, lock(1), lock(2, "s"), lock(3, "t"));
  ring.settle();
  assert.deepEqual(claims(ring, 2), ["1 EX", "2 EX", "3 EX"]);
  wish(ring, 2, { type: "convert", id: 1, mode: "CR" }, { type: "unlock", id: 2 });
  assert.deepEqual(claims(ring, 2), ["1 CR", "2 EX", "3 EX"]); // The node keeps the second for itself.
  wish(ring, 1, lock(4, "s"));
  ring.settle();
  assert.deepEqual(claims(ring, 2), ["1 CR", "3 EX"]);
  wish(ring, 1, lock(5, "t"));
  ring.deliver(ring.log.findIndex(({ message }) => message.body.type === "lock-ops"));
  wish(ring, 2, { type: "unlock", id: 3 });
  assert.deepEqual(claims(ring, 2), ["1 CR"]); // Nothing of it is delivered yet.
});

test("a value that was not heard of is written with the next wish", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  ring.settle();
  wish(ring, 2, lock(9, "other")); // Is on its way: the following waits.
  wish(ring, 2, { type: "convert", id: 1, mode: "PR", value: "AAAA" });
  wish(ring, 2, { type: "convert", id: 1, mode: "NL" });
  ring.settle();
  const [resource] = [...allResources(ring.states.get(3)?.ledger.locks ?? assert.fail())].filter(
    (r) => r.name === "r",
  );
  assert.deepEqual(resource?.value, { data: "AAAA", valid: true });
});

test("whoever took back before anybody heard of it is told again that it holds", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  ring.settle();
  wish(ring, 2, lock(9, "other"));
  wish(
    ring,
    2,
    { type: "convert", id: 1, mode: "NL", value: "AAAA" },
    { type: "convert", id: 1, mode: "EX" },
  );
  ring.settle();
  assert.deepEqual(eventsOf(ring, 2).slice(1, 4), [
    { type: "granted", id: 1, mode: "NL" },
    { type: "granted", id: 1, mode: "EX", value: { data: "AAAA", valid: true } },
    { type: "granted", id: 9, mode: "EX" },
  ]);
});

test("cancel: a wish is withdrawn, a conversion keeps what it holds, a grant that came first is given back", () => {
  const ring = open();
  wish(ring, 1, lock(1, "r", "PR"));
  wish(ring, 2, lock(2, "r", "PR"));
  ring.settle();
  wish(ring, 2, { type: "convert", id: 2, mode: "EX" });
  wish(ring, 3, lock(3));
  ring.settle();
  assert.equal(shown(ring, 1), "PR1 | PR2>EX | EX3");
  wish(ring, 2, { type: "cancel", id: 2 });
  wish(ring, 3, { type: "cancel", id: 3 });
  ring.settle();
  assert.equal(shown(ring, 1), "PR1 PR2 |  |");
  assert.deepEqual(eventsOf(ring, 2).at(-1), { type: "refused", id: 2, why: "cancelled" });
  assert.deepEqual(eventsOf(ring, 3).at(-1), { type: "released", id: 3 });
});

test("orders that make no sense are refused, and nothing comes of them", () => {
  const ring = open();
  wish(ring, 2, lock(1));
  ring.settle();
  wish(ring, 2, lock(1, "again"), { type: "convert", id: 5, mode: "NL" }, { type: "unlock", id: 6 });
  ring.settle();
  assert.deepEqual(eventsOf(ring, 2).slice(1), [
    { type: "refused", id: 1, why: "unknown" },
    { type: "refused", id: 5, why: "unknown" },
    { type: "refused", id: 6, why: "unknown" },
  ]);
  assert.equal(shown(ring, 1), "EX2 |  |");
});

test("all nodes hold the same table", () => {
  const ring = open();
  for (const node of [1, 2, 3]) wish(ring, node, lock(node, "r", "PR"), lock(10 + node, `own ${node}`));
  ring.settle();
  const digests = [1, 2, 3].map((node) => tableDigest(ring.states.get(node)?.ledger.locks ?? assert.fail()));
  assert.equal(new Set(digests).size, 1);
  assert.match(digests[0] ?? "", /^6:/);
});
