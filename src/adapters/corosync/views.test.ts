import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CPG_REASON, type CpgAddress } from "./libcpg.ts";
import { createViewTracker, type GroupChange, type RingChange, type ViewTracker } from "./views.ts";

const at = (nodeid: number, reason = 0): CpgAddress => ({ nodeid, pid: 100 + nodeid, reason });

function group(members: number[], change: { left?: CpgAddress[]; joined?: CpgAddress[] }): GroupChange {
  return {
    type: "group",
    members: members.map((id) => at(id)),
    left: change.left ?? [],
    joined: change.joined ?? [],
  };
}

function ring(seq: number, nodes: number[]): RingChange {
  return { type: "ring", ring: { nodeid: Math.min(...nodes), seq }, nodes };
}

/** A tracker whose process has joined a ring with others. */
function joined(self: number, members: number[], seq: number): { tracker: ViewTracker; ringId: string } {
  const tracker = createViewTracker();
  assert.equal(tracker.onGroup(group(members, { joined: [at(self, CPG_REASON.join)] })), undefined);
  const view = tracker.onRing(ring(seq, members));
  assert.ok(view !== undefined);
  return { tracker, ringId: view.ringId };
}

describe("view tracker", () => {
  it("holds the first view until the ring is known, and calls everybody joined", () => {
    const tracker = createViewTracker();
    assert.equal(tracker.onGroup(group([1, 2], { joined: [at(2, CPG_REASON.join)] })), undefined);
    assert.ok(tracker.isBetweenViews());
    const view = tracker.onRing(ring(8, [1, 2]));
    assert.deepEqual(
      view?.joined.map(({ nodeId }) => nodeId),
      [1, 2],
    );
    assert.deepEqual(view?.left, []);
    assert.ok(!tracker.isBetweenViews());
  });

  it("makes no view of a ring before the process has joined", () => {
    assert.equal(createViewTracker().onRing(ring(8, [1])), undefined);
  });

  it("tells a joining process the same ring id as those that were there", () => {
    const { tracker } = joined(1, [1], 8);
    const old = tracker.onGroup(group([1, 2], { joined: [at(2, CPG_REASON.join)] }));
    assert.equal(old?.ringId, joined(2, [1, 2], 8).ringId);
  });

  it("makes one view of all that a new ring brings, with the id of that ring", () => {
    const { tracker } = joined(1, [1, 2], 8);
    assert.equal(tracker.onGroup(group([1], { left: [at(2, CPG_REASON.nodeDown)] })), undefined);
    assert.equal(tracker.onGroup(group([1, 3], { joined: [at(3, CPG_REASON.nodeUp)] })), undefined);
    const view = tracker.onRing(ring(12, [1, 3]));
    assert.match(view?.ringId ?? "", /^1\.12\//);
    assert.deepEqual(view?.left, [{ nodeId: 2, processId: "102", reason: "node-down" }]);
    assert.deepEqual(view?.joined, [{ nodeId: 3, processId: "103" }]);
  });

  it("shows a process that went and came back within one ring change as both", () => {
    const { tracker } = joined(3, [1, 3], 8);
    tracker.onGroup(group([3], { left: [at(1, CPG_REASON.nodeDown)] }));
    tracker.onGroup(group([1, 3], { joined: [at(1, CPG_REASON.nodeUp)] }));
    const view = tracker.onRing(ring(12, [1, 3]));
    assert.deepEqual(view?.left, [{ nodeId: 1, processId: "101", reason: "node-down" }]);
    assert.deepEqual(view?.joined, [{ nodeId: 1, processId: "101" }]);
  });

  it("takes no process for dead alone when its node is not in the new ring", () => {
    const { tracker } = joined(1, [1, 2, 3], 8);
    tracker.onGroup(group([1, 3], { left: [at(2, CPG_REASON.nodeDown)] }));
    tracker.onGroup(group([1], { left: [at(3, CPG_REASON.processDown)] }));
    const reasons = tracker.onRing(ring(12, [1]))?.left.map(({ reason }) => reason);
    assert.deepEqual(reasons, ["node-down", "node-down"]);
  });

  it("makes a view of a ring that changes nothing in the group", () => {
    const { tracker, ringId } = joined(1, [1, 2], 8);
    const view = tracker.onRing(ring(12, [1, 2]));
    assert.notEqual(view?.ringId, ringId);
    assert.deepEqual([view?.joined, view?.left], [[], []]);
    assert.equal(tracker.onRing(ring(12, [1, 2])), undefined, "the same ring again");
  });

  it("gives a set of members that recurs within a ring another id, equal for all", () => {
    const first = joined(1, [1, 2], 8);
    const second = joined(2, [1, 2], 8);
    assert.equal(second.ringId, first.ringId);
    const ids = [first.tracker, second.tracker].map((tracker) => {
      tracker.onGroup(group([1, 2, 3], { joined: [at(3, CPG_REASON.join)] }));
      return tracker.onGroup(group([1, 2], { left: [at(3, CPG_REASON.leave)] }))?.ringId;
    });
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], first.ringId);
  });

  it("agrees on the id of a merged ring, whoever each side saw join", () => {
    const low = joined(1, [1, 2], 8);
    const high = joined(3, [3, 4], 8);
    low.tracker.onGroup(
      group([1, 2, 3, 4], { joined: [at(3, CPG_REASON.nodeUp), at(4, CPG_REASON.nodeUp)] }),
    );
    high.tracker.onGroup(
      group([1, 2, 3, 4], { joined: [at(1, CPG_REASON.nodeUp), at(2, CPG_REASON.nodeUp)] }),
    );
    const nodes = [1, 2, 3, 4];
    assert.equal(low.tracker.onRing(ring(12, nodes))?.ringId, high.tracker.onRing(ring(12, nodes))?.ringId);
  });

  it("takes CPG's reasons for what they are, and an unknown one for the worst", () => {
    for (const [reason, expected] of [
      [CPG_REASON.leave, "leave"],
      [CPG_REASON.processDown, "process-down"],
      [0, "node-down"],
      [99, "node-down"],
    ] as const) {
      const { tracker } = joined(1, [1, 2], 8);
      const view = tracker.onGroup(group([1], { left: [at(2, reason)] }));
      assert.equal(view?.left[0]?.reason, expected);
    }
  });

  it("ignores the death of a process that has left before", () => {
    const { tracker } = joined(1, [1, 2], 8);
    assert.ok(tracker.onGroup(group([1], { left: [at(2, CPG_REASON.leave)] })));
    assert.equal(tracker.onGroup(group([1], { left: [at(2, CPG_REASON.processDown)] })), undefined);
    assert.ok(!tracker.isBetweenViews());
  });
});
