/** Explanations that are wrong by intention: each kind is noticed by the question that it is asked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { majorityOf, type Net, NO_QUORUM, openNet } from "../../core/net-harness.ts";
import { configOf } from "../../core/testing.ts";
import type { Cause } from "../../core/view/types.ts";
import { whyHeld } from "../../core/view/why.ts";
import type { RingCopy } from "./copy.ts";
import { judgeHeld } from "./held.ts";
import { judgeLocks } from "./locks.ts";
import { judgeReasons } from "./reasons.ts";
import { judgeShot } from "./shots.ts";

const KEYS = ["1", "2", "3"];

/** Nodes 1 to 3 of five miss 4 and 5, and no device answers. */
function heldNet(): Net {
  const config = configOf(5);
  const net = openNet(5, { fenceDaemon: { ...config.fenceDaemon, postFailDelayMs: 15_000 } });
  net.view(["4"], NO_QUORUM);
  net.view(["5"], NO_QUORUM);
  net.view(KEYS, majorityOf(5));
  net.run(1_000);
  return net;
}

function copyOf(net: Net): RingCopy {
  const ids = KEYS.map(Number);
  const at = Math.max(...KEYS.map((key) => net.node(key).state.seenUntil));
  return {
    states: new Map(KEYS.map((key) => [Number(key), net.node(key).state])),
    sent: [],
    disks: new Set(ids),
    owing: new Set(ids),
    later: 0,
    isVoid: false,
    waiting: [],
    now: new Map(ids.map((id) => [id, { mono: at, wall: at }])),
  };
}

function cause(code: string, node: string, step: string): Cause {
  return { code, node, step, reason: "", endsWhen: "", actions: [] };
}

test("what why says of two victims passes all questions", () => {
  const net = heldNet();
  const { state } = net.node("1");
  const why = whyHeld(state);
  assert.deepEqual(
    why.map(({ code, node }) => `${code} ${node}`),
    ["victim n4", "victim n5"],
  );
  judgeReasons(state, why);
  judgeHeld(copyOf(net), state, why);
  for (const one of why) judgeShot(copyOf(net), state, one, why);
});

test("a cause that is left out", () => {
  const net = heldNet();
  const { state } = net.node("1");
  const why = whyHeld(state).slice(0, 1);
  assert.throws(
    () => judgeReasons(state, why),
    /^BrokenPromise: I8: node 1 names victim n4, and is held by more: .*n5/,
  );
  assert.throws(() => judgeHeld(copyOf(net), state, why), /it is held by victim n5/);
});

test("a cause that is none", () => {
  const net = heldNet();
  const { state } = net.node("1");
  const why = [...whyHeld(state), cause("suspect", "n2", "its daemon has 20 s to come back")];
  assert.throws(() => judgeReasons(state, why), /names suspect n2, which is no reason/);
  assert.throws(() => judgeHeld(copyOf(net), state, why), /names suspect n2: .*, which holds nobody/);
});

test("a victim that waits for something else than it says", () => {
  const net = heldNet();
  const { state } = net.node("1");
  const why = [cause("victim", "n4", "waiting: post_fail_delay is 0 s")];
  const [wrong] = why as [Cause];
  assert.throws(() => judgeShot(copyOf(net), state, wrong, why), /n4 waits on after what it waits for/);
});

test("a lock whose place in the queue counts", () => {
  const net = openNet(3);
  const lock = { type: "lock", lockspace: "vm", name: "a", mode: "EX", owner: "x", since: 1 } as const;
  for (const key of KEYS) {
    net.feed(key, { type: "locks", requests: [{ ...lock, id: Number(key) }] });
    net.run(10);
  }
  const { state } = net.node("1");
  assert.equal(state.ledger.locks.waiting, 2);
  judgeLocks(state);
  const liar = () => "n1 (x) holds EX";
  assert.throws(
    () => judgeLocks(state, liar),
    /lock a of node 3 waits: n1 \(x\) holds EX; without that it waits on/,
  );
  assert.throws(() => judgeLocks(state, () => "behind 1 in the queue"), /without that it waits on/);
});
