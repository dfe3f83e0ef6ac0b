/**
 * Proposer 1's number 6 was never established, but a goodbye of node 4 was noted under it. Proposer 2's
 * number 6 was established, with 4 as a member. Two histories with one number cannot both be true.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newestEpoch } from "../domain/cold.ts";
import { epochOf } from "../testing.ts";

const GOODBYE = { node: 4, epoch: 6 };
const NEVER = epochOf(6, [1, 2, 3, 4], { proposer: 1, departed: [GOODBYE] });

test("a departure does not count where another proposer's epoch of that number has the node", () => {
  const real = epochOf(6, [2, 3, 4, 5], { proposer: 2 });
  for (const disks of [
    [NEVER, real, real],
    [real, real, NEVER],
  ]) {
    const epoch = newestEpoch(disks);
    assert.deepEqual(epoch.departed, []);
    assert.ok(epoch.members.some((member) => member.node === 4));
  }
});

test("it counts where both know of it, and where the other never had the node", () => {
  const agreed = epochOf(6, [2, 3, 4, 5], { proposer: 2, departed: [GOODBYE] });
  const without = epochOf(6, [2, 3, 5], { proposer: 2 });
  assert.deepEqual(newestEpoch([NEVER, agreed]).departed, [GOODBYE]);
  assert.deepEqual(newestEpoch([NEVER, without]).departed, [GOODBYE]);
});
