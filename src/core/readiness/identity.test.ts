import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOn } from "./identity.ts";
import type { DeviceIdentity, Machine } from "./types.ts";

const UUID2 = "33313835-3335-435a-4a32-303830313232";
const UUID3 = "33313835-3335-435a-4a32-303830313233";
const MACHINES = new Map<number, Machine>([
  [2, { serial: "CZJ2080122", uuid: UUID2 }],
  [3, { serial: "CZJ2080123", uuid: UUID3 }],
]);

function verdict(told: Partial<DeviceIdentity> | undefined, machines = MACHINES, node = 2): string {
  const found = verdictOn(node, told === undefined ? undefined : { uuids: [], ...told }, machines);
  return found.type === "other" ? `other ${found.node} by ${found.by}` : found.type;
}

test("by serial or UUID, in any case and in either order of bytes", () => {
  assert.equal(verdict({ serial: "czj2080122" }), "own");
  assert.equal(verdict({ uuids: [UUID2] }), "own");
  assert.equal(verdict({ uuids: ["35383133-3533-5a43-4a32-303830313232"] }), "own");
  assert.equal(verdict({ uuids: ["00000000-1111-2222-3333-444444444444", UUID2] }), "own");
  // One of both is enough: controllers have UUIDs of their own.
  assert.equal(verdict({ serial: "CZJ2080122", uuids: ["aaaaaaaa-1111-2222-3333-444444444444"] }), "own");
});

test("another node's is named", () => {
  assert.equal(verdict({ serial: "CZJ2080123" }), "other 3 by serial CZJ2080123");
  assert.equal(verdict({ uuids: [UUID3] }), `other 3 by UUID ${UUID3}`);
});

test("nobody's is a stranger only when there is something to compare", () => {
  assert.equal(verdict({ serial: "MX99999" }), "stranger");
  assert.equal(verdict({ uuids: ["aaaaaaaa-1111-2222-3333-444444444444"] }), "stranger");
  assert.equal(verdict({ serial: "MX99999" }, new Map([[2, { uuid: UUID2 }]])), "untold");
  assert.equal(verdict({ serial: "MX99999" }, new Map()), "untold");
  assert.equal(verdict(undefined), "untold");
  assert.equal(verdict({}), "untold");
});

test("what firmware says when nobody wrote anything is nothing", () => {
  for (const serial of [
    "To be filled by O.E.M.",
    "Default string",
    "0123456789",
    "00000000",
    "None",
    "n/a",
    "x",
  ]) {
    assert.equal(
      verdict(
        { serial },
        new Map([
          [2, { serial }],
          [3, { serial }],
        ]),
      ),
      "untold",
      serial,
    );
  }
  for (const uuid of [
    "00000000-0000-0000-0000-000000000000",
    "03000200-0400-0500-0006-000700080009",
    "junk",
  ]) {
    assert.equal(verdict({ uuids: [uuid] }, new Map([[3, { uuid }]])), "untold", uuid);
  }
});

test("machines that say the same of themselves cannot accuse a device", () => {
  const twins = new Map<number, Machine>([
    [2, { serial: "AAAA1" }],
    [3, { serial: "SAME22" }],
    [4, { serial: "SAME22" }],
  ]);
  assert.equal(verdict({ serial: "SAME22" }, twins), "stranger");
  assert.equal(verdict({ serial: "SAME22" }, twins, 3), "own");
});
