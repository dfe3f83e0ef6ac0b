import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocksReply } from "../../../src/api/locks.ts";
import { heldBy, rowsOf } from "./lock-rows.ts";

const REPLY: LocksReply = {
  count: 4,
  more: 0,
  resources: [
    {
      lockspace: "lvm",
      name: "vg/a",
      locks: [
        { node: "n2", owner: "vm 100", mode: "EX", since: 1, persistent: true },
        { node: "n1", owner: "vm 101", wants: "PR", since: 2, persistent: false, why: "n2 has EX" },
      ],
    },
    {
      lockspace: "lvm",
      name: "b",
      locks: [
        { node: "n2", owner: "lvm", mode: "NL", since: 3, persistent: false },
        { node: "n1", owner: "lvm", mode: "PR", since: 3, persistent: false },
      ],
    },
  ],
};

test("whoever waits comes first, then by resource and node", () => {
  assert.deepEqual(
    rowsOf(REPLY).map(({ resource, node, wants }) => [resource, node, wants]),
    [
      ["lvm/vg/a", "n1", "PR"],
      ["lvm/b", "n1", undefined],
      ["lvm/b", "n2", undefined],
      ["lvm/vg/a", "n2", undefined],
    ],
  );
});

test("what a node holds: neither what it waits for nor NL", () => {
  assert.deepEqual(
    heldBy(REPLY, "n2").map(({ resource }) => resource),
    ["lvm/vg/a"],
  );
  assert.deepEqual(
    heldBy(REPLY, "n1").map(({ resource }) => resource),
    ["lvm/b"],
  );
  assert.deepEqual(heldBy(REPLY, "n3"), []);
});
