import assert from "node:assert/strict";
import { test } from "node:test";
import type { VolumesReply } from "../../../src/api/volumes.ts";
import { volumeRows } from "./volume-rows.ts";

const REPLY: VolumesReply = {
  node: "n1",
  answers: true,
  groups: [
    {
      name: "san",
      uuid: "u",
      started: ["n1", "n2"],
      volumes: [
        { name: "vm-100", uuid: "a", holders: [{ node: "n1", mode: "EX", since: 5 }] },
        { name: "vm-101", uuid: "b", holders: [{ node: "n2", mode: "EX", since: 6 }] },
      ],
      commands: [],
      waiting: [{ node: "n2", owner: "lvcreate 77", since: 9, why: "n1 has EX" }],
    },
  ],
  mapped: [
    { group: "san", volume: "vm-100", uuid: "a", open: 1, suspended: false },
    { group: "other", volume: "vm-101", uuid: "b", open: 1, suspended: false },
  ],
};

test("whoever waits comes first; open is what this node has opened in that very group", () => {
  assert.deepEqual(
    volumeRows(REPLY).map(({ name, open, waits }) => [name, open, waits?.why]),
    [
      ["san", false, "n1 has EX"],
      ["san/vm-100", true, undefined],
      ["san/vm-101", false, undefined],
    ],
  );
});

test("where device-mapper does not tell, nothing is said to be open", () => {
  const { mapped: _unknown, ...reply } = REPLY;
  assert.ok(volumeRows(reply).every(({ open }) => !open));
});
