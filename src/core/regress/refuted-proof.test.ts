/**
 * Node 3 is a stray in the ring: cut off, back, storage in use. Its device is wired to another machine
 * and reads off. Between the proof and the end of the victim 3 speaks: the proof is void, and the
 * "victim-done" that was sent on the strength of it must do nothing. Nor may a proof count at all while
 * the one who is said to be off stays in the view.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FENCE_DAEMON_DEFAULTS, type Grade } from "../config.ts";
import { majorityOf, type Net, NO_QUORUM, openNet } from "../net-harness.ts";
import { obedient, silent } from "./net-node.ts";

function stray(demand: Exclude<Grade, "H"> = FENCE_DAEMON_DEFAULTS.evidence): Net {
  const net = openNet(3, { fenceDaemon: { ...FENCE_DAEMON_DEFAULTS, evidence: demand } });
  net.feed("3", { type: "guard", inUse: ["vg0/vm-100"] });
  net.agent = silent;
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.run(100);
  net.view(["1", "2", "3"], majorityOf(3));
  net.settle();
  assert.deepEqual(net.victims("1"), [3]);
  net.agent = obedient;
  return net;
}

function assertStillVictim(net: Net): void {
  assert.deepEqual(net.victims("1"), [3]);
  assert.deepEqual(net.node("1").state.ledger.incidents, []);
  assert.deepEqual(net.open, []);
}

test("the end of a victim whose proof was refuted meanwhile does nothing", () => {
  const net = stray();
  const incarnation = net.node("3").state.incarnation;
  let refuted = 0;
  net.reaches = (to, _from, body) => {
    if (body.type === "fence-result" && body.ok && to === "1" && refuted++ === 0) {
      net.send("3", { type: "need-epoch" });
      net.send("1", {
        type: "victim-done",
        node: 3,
        incarnation,
        how: "agent",
        wall: 1,
        configVersion: 1,
        name: "n3",
      });
    }
    return true;
  };
  net.run(30_000);
  assert.ok(refuted > 0);
  assertStillVictim(net);
});

test("a victim that reads off and does not leave the view is never done by that reading", () => {
  const net = stray();
  net.run(3_600_000);
  assertStillVictim(net);
});

/** Node 1 says of the stray's last attempt that it succeeded, with such proofs. */
function proven(net: Net, grades: readonly Grade[]): void {
  const [victim] = net.node("1").state.ledger.victims;
  const { attempt, incarnation } = victim as {
    attempt: number;
    incarnation: { boot: string; start: string };
  };
  const evidence = grades.map((grade) => ({ grade, source: `proof ${grade}`, at: 1, by: 1 }));
  const result = {
    type: "fence-result",
    node: 3,
    attempt,
    incarnation,
    ok: true,
    reason: "",
    steps: [],
  } as const;
  net.send("1", { ...result, evidence });
  net.settle();
}

test("keys that are gone do not make a reading final where they are not enough", () => {
  const net = stray("A");
  proven(net, ["B", "A"]);
  assertStillVictim(net);
});

test("keys that are gone end a victim that speaks where they are enough", () => {
  const net = stray("B");
  proven(net, ["B"]);
  assert.equal(net.node("1").state.ledger.incidents.at(-1)?.node, 3);
});

test("once it leaves the view, the reading counts", () => {
  const net = stray();
  net.run(7_000);
  assertStillVictim(net);
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.run(60_000);
  assert.deepEqual(net.victims("1"), []);
  assert.deepEqual(net.open, ["1", "2"]);
});

test("once it has stayed too long, the reading is void for good", () => {
  const net = stray();
  net.run(7_000);
  assert.equal(net.node("1").state.ledger.victims[0]?.evidence.length, 1);
  net.agent = silent;
  net.run(16_000);
  assert.deepEqual(net.node("1").state.ledger.victims[0]?.evidence, []);
  net.view(["3"], NO_QUORUM);
  net.view(["1", "2"], majorityOf(3));
  net.run(60_000);
  assertStillVictim(net);
});

test("a daemon that was started anew on the same boot refutes the reading as well", () => {
  const net = openNet(3, { fenceDaemon: { ...FENCE_DAEMON_DEFAULTS, evidence: "A" } });
  net.agent = obedient;
  const { boot } = net.node("3").state.incarnation;
  net.kill("3");
  net.view(["1", "2"], majorityOf(3));
  net.agent = (run) => (run.node === 3 && run.action === "status" ? undefined : obedient(run));
  net.run(1_000);
  assert.deepEqual(net.victims("1"), [3]);
  const [victim] = net.node("1").state.ledger.victims;
  const attempt = victim?.attempt ?? 0;
  const evidence = [{ grade: "A", source: "ilo3 read off twice", at: 1, by: 1 }] as const;
  const { incarnation } = victim as { incarnation: { boot: string; start: string } };
  net.boot("3", { boot });
  // Its end is decided, and nobody hears of it before 3 is there.
  net.reaches = (_to, _from, body) => body.type !== "victim-done" && body.type !== "propose";
  net.send("1", {
    type: "fence-result",
    node: 3,
    incarnation,
    attempt,
    ok: true,
    reason: "",
    steps: [],
    evidence,
  });
  net.settle();
  assert.equal(net.node("1").state.ledger.victims[0]?.evidence.length, 1);
  net.reaches = () => true;
  net.agent = silent;
  net.view(["1", "2", "3"], majorityOf(3));
  net.run(60_000);
  assert.deepEqual(net.node("1").state.ledger.incidents, []);
  assert.deepEqual(net.victims("1"), [3]);
  assert.deepEqual(net.open, []);
});
