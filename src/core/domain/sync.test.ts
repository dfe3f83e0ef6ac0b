import assert from "node:assert/strict";
import { test } from "node:test";
import { PROTOCOL } from "../messages.ts";
import { createRing, type RingHarness } from "../ring-harness.ts";
import { HELLO_TIMEOUT_MS, type State } from "../state.ts";
import { helloOf } from "../testing.ts";
import { byNode } from "../turn.ts";
import { ledgerDigest } from "./digest.ts";

function orders(count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  const shorter = orders(count - 1);
  return shorter.flatMap((order) =>
    Array.from({ length: count }, (_, at) => [...order.slice(0, at), count - 1, ...order.slice(at)]),
  );
}

function isOpen(ring: RingHarness, node: number): boolean {
  return ring.states.get(node)?.gate.open === true;
}

function assertOneLedger(ring: RingHarness, nodes: readonly number[]): void {
  const digests = nodes.map((node) => ledgerDigest((ring.states.get(node) as State).ledger));
  assert.equal(new Set(digests).size, 1);
}

test("all orders of five hellos lead to one ledger, one master and open gates", () => {
  const nodes = [1, 2, 3, 4, 5];
  let count = 0;
  for (const order of orders(5)) {
    const ring = createRing(nodes);
    ring.view("r1", nodes);
    assert.equal(ring.log.length, 5);
    const hellos = ring.log.splice(0);
    for (const index of order) {
      ring.log.unshift(hellos[index] as (typeof hellos)[number]);
      ring.deliver();
    }
    ring.settle();
    assertOneLedger(ring, nodes);
    for (const node of nodes) {
      assert.ok(isOpen(ring, node), `node ${node}, order ${order.join()}`);
      assert.equal(ring.states.get(node)?.ring?.master, "1/1");
    }
    count++;
  }
  assert.equal(count, 120);
});

test("a message of another ring does nothing; a hello that comes twice counts once", () => {
  const ring = createRing([1, 2, 3]);
  ring.view("r1", [1, 2, 3]);
  const hello = ring.log[0] as (typeof ring.log)[number];
  const before = ring.states.get(2);
  ring.feed(2, { type: "deliver", from: hello.from, message: { ...hello.message, ring: "r0" } });
  assert.deepEqual({ ...ring.states.get(2), seenUntil: 0 }, { ...before, seenUntil: 0 });
  ring.feed(2, { type: "deliver", ...hello });
  const once = ring.states.get(2)?.ring?.hellos;
  ring.feed(2, { type: "deliver", ...hello });
  assert.equal(ring.states.get(2)?.ring?.hellos, once);
});

test("a daemon that says nothing is left out after its time, by the lowest that spoke", () => {
  const ring = createRing([1, 2, 3]);
  ring.view("r1", [1, 2, 3]);
  const silent = ring.log.findIndex((sent) => sent.from.nodeId === 1);
  ring.log.splice(silent, 1); // Node 1's hello never arrives.
  ring.settle();
  assert.equal(ring.states.get(2)?.ring?.phase, "hellos");
  ring.tick(HELLO_TIMEOUT_MS);
  assert.deepEqual(
    ring.log.map((sent) => [sent.from.nodeId, sent.message.body.type]),
    [[2, "mute"]],
  );
  ring.settle();
  assert.equal(ring.states.get(2)?.ring?.phase, "synced");
  assert.equal(ring.states.get(2)?.ring?.master, "2/1");
  const exits = ring.effects.get(1)?.filter((effect) => effect.type === "exit");
  assert.equal(exits?.length, 1, "the silent one must be started anew");
});

test("a stranger in the group, beside a daemon or alone, delays and harms nobody", () => {
  const ring = createRing([1, 2, 3]);
  const strangers = [
    { nodeId: 2, processId: "777" },
    { nodeId: 9, processId: "778" },
  ];
  ring.view("r1", [1, 2, 3], strangers);
  for (const from of strangers) ring.feed(1, { type: "garbage", from, problem: "sent rubbish" });
  ring.settle();
  assert.ok(!isOpen(ring, 1));
  ring.tick(HELLO_TIMEOUT_MS);
  ring.settle();
  for (const node of [1, 2, 3]) {
    assert.ok(isOpen(ring, node), `node ${node}`);
    assert.deepEqual(ring.states.get(node)?.ledger.suspects, []);
    assert.deepEqual(ring.states.get(node)?.ledger.victims, []);
  }
  assertOneLedger(ring, [1, 2, 3]);
});

test("a stranger that dies takes nobody with it", () => {
  const ring = createRing([1, 2, 3]);
  const stranger = { nodeId: 2, processId: "777" };
  ring.view("r1", [1, 2, 3], [stranger]);
  ring.settle();
  ring.tick(HELLO_TIMEOUT_MS);
  ring.settle();
  ring.view("r2", [1, 2, 3]);
  ring.settle();
  for (const node of [1, 2, 3]) assert.ok(isOpen(ring, node));
});

test("a daemon of a future protocol is left out and named", () => {
  const ring = createRing([1, 2, 3]);
  const other = { nodeId: 9, processId: "5" };
  ring.view("r1", [1, 2, 3], [other]);
  const hello = helloOf(9, { protocol: { min: PROTOCOL.max + 1, max: PROTOCOL.max + 2 } });
  for (const node of [1, 2, 3]) {
    ring.feed(node, { type: "deliver", from: other, message: { ring: "r1", body: hello } });
  }
  ring.settle();
  ring.tick(HELLO_TIMEOUT_MS);
  ring.settle();
  assert.ok(isOpen(ring, 1));
  assert.match(ring.states.get(1)?.garbage.get("9/5") ?? "", /speaks protocol 2 to 3/);
});

test("I9: a daemon whose ledger differs from the majority's ends itself, the others wait for that", () => {
  const ring = createRing([1, 2, 3]);
  ring.view("r1", [1, 2, 3]);
  ring.settle();
  const state = ring.states.get(3);
  if (state === undefined) throw new Error("no node 3");
  ring.states.set(3, { ...state, ledger: { ...state.ledger, lastAttempt: 99 } });
  ring.view("r2", [1, 2, 3]);
  ring.settle();
  const exit = ring.effects.get(3)?.find((effect) => effect.type === "exit");
  assert.ok(exit?.type === "exit" && exit.code === 70, JSON.stringify(exit));
  assert.notEqual(ring.states.get(1)?.ring?.phase, "synced");
  ring.states.delete(3);
  ring.view("r3", [1, 2]);
  ring.settle();
  assert.equal(ring.states.get(1)?.ring?.phase, "synced");
  assert.equal(byNode(ring.states.get(1)?.ledger.victims ?? [], 3)?.node, 3);
});
