import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Mode } from "./modes.ts";
import { addRequest, emptyResource, grant, type Resource, release } from "./resource.ts";
import {
  allResources,
  doubtValues,
  getResource,
  LOCKS_EMPTY,
  type LockTable,
  locksOf,
  loseNode,
  putResource,
  tableDigest,
  withoutNodes,
} from "./table.ts";
import { change, giveBack, NOTHING } from "./testing.ts";

function heldBy(name: string, holders: readonly (readonly [number, Mode])[]): Resource {
  return holders.reduce<Resource>(
    (resource, [node, mode]) => {
      const asked = addRequest(resource, { node, id: 1, wants: mode, owner: "o", since: 5 });
      return grant(asked, node, 1, mode) as Resource;
    },
    emptyResource("ls", name),
  );
}

const Row = fc.tuple(
  fc.constantFrom("a", "b", "c", "d"),
  fc.subarray([1, 2, 3]),
  fc.option(fc.constantFrom("AA==", "AQ==")),
  fc.boolean(),
);

test("table: the digest depends on the contents alone, not on the way there", () => {
  const fill = (table: LockTable, rows: readonly [string, number[], string | null, boolean][]): LockTable =>
    rows.reduce((now, [name, nodes, data, valid]) => {
      const resource = heldBy(
        name,
        nodes.map((node) => [node, "CR"] as const),
      );
      return putResource(now, data === null ? resource : { ...resource, value: { data, valid } });
    }, table);
  fc.assert(
    fc.property(fc.array(Row, { maxLength: 12 }), (rows) => {
      const long = fill(LOCKS_EMPTY, rows);
      const short = [...allResources(long)].reduce(putResource, LOCKS_EMPTY);
      assert.equal(tableDigest(long), tableDigest(short));
      assert.equal(long.count, short.count);
      assert.equal(long.waiting, short.waiting);
      for (const resource of allResources(long)) {
        const less = putResource(long, release(resource, resource.granted[0]?.node ?? 0, 1));
        assert.notEqual(tableDigest(less), tableDigest(long));
      }
    }),
  );
});

test("table: every field of a lock and of a value counts in the digest", () => {
  const lock = { node: 1, id: 1, mode: "CR" as Mode, owner: "o", since: 5 };
  const base: Resource = {
    ...emptyResource("ls", "r"),
    granted: [lock],
    value: { data: "AA==", valid: true },
  };
  const variants: readonly Resource[] = [
    base,
    { ...base, lockspace: "lt" },
    { ...base, name: "s" },
    { ...base, value: { data: "AA==", valid: false } },
    { ...base, value: { data: "AQ==", valid: true } },
    { ...base, converting: [{ ...lock, wants: "EX" }], granted: [] },
    { ...base, converting: [{ ...lock, wants: "PW" }], granted: [] },
    { ...base, converting: [{ ...lock, wants: "PW", eager: true }], granted: [] },
    { ...base, converting: [{ ...lock, wants: "PW", noQueue: true }], granted: [] },
    ...[
      { node: 2 },
      { id: 2 },
      { mode: "NL" as Mode },
      { owner: "p" },
      { since: 6 },
      { persistent: true as const },
    ].map((one) => ({ ...base, granted: [{ ...lock, ...one }] })),
  ];
  const digests = variants.map((resource) => tableDigest(putResource(LOCKS_EMPTY, resource)));
  assert.equal(new Set(digests).size, variants.length);
});

test("table: a resource that nobody holds or waits for is forgotten", () => {
  const table = putResource(LOCKS_EMPTY, heldBy("r", [[1, "EX"]]));
  const gone = putResource(table, release(getResource(table, "ls/r") as Resource, 1, 1));
  assert.equal(tableDigest(gone), tableDigest(LOCKS_EMPTY));
  assert.equal(gone.resources.size, 0);
});

test("table: a lost node's locks go, held and wanted, and nobody else's", () => {
  let table = putResource(
    LOCKS_EMPTY,
    heldBy("a", [
      [1, "CR"],
      [2, "CR"],
    ]),
  );
  const queued = addRequest(heldBy("b", [[2, "EX"]]), { node: 1, id: 9, wants: "EX", owner: "", since: 0 });
  table = putResource(table, queued);
  const rest = withoutNodes(table, new Set([1]));
  assert.deepEqual(locksOf(rest, 1), []);
  assert.deepEqual(
    locksOf(rest, 2)
      .map(({ resource }) => resource.name)
      .sort(),
    ["a", "b"],
  );
  assert.equal(rest.count, 2);
});

test("value: written by whoever gives back EX or PW, in whole or in part, and by nobody else", () => {
  const value = { data: "AAAA", valid: true };
  const one = (mode: Mode): Resource => ({ ...heldBy("r", [[1, mode]]) });
  for (const mode of ["EX", "PW"] as const) {
    assert.deepEqual(giveBack(one(mode), 1, "AAAA").value, value);
    assert.deepEqual(change(one(mode), 1, "CR", { value: "AAAA" }).value, value);
  }
  for (const mode of ["NL", "CR", "CW", "PR"] as const) {
    assert.equal(giveBack(one(mode), 1, "AAAA").value, undefined);
    assert.equal(change(one(mode), 1, "NL", { value: "AAAA" }).value, undefined);
  }
  assert.equal(change(one("PR"), 1, "EX", { value: "AAAA" }).value, undefined);
  assert.equal(giveBack(NOTHING, 1, "AAAA").value, undefined);
});

test("value: in doubt after a loss, unless somebody who stayed kept all writers out", () => {
  const resource = (mode: Mode): Resource => ({
    ...heldBy(mode, [[1, mode]]),
    value: { data: "AAAA", valid: true },
  });
  for (const [mode, stays] of [
    ["NL", false],
    ["CR", false],
    ["CW", true],
    ["PR", true],
    ["EX", true],
  ] as const) {
    const table = putResource(LOCKS_EMPTY, resource(mode));
    const valid = (node: number): boolean | undefined =>
      getResource(
        doubtValues(table, (one) => one === node),
        `ls/${mode}`,
      )?.value?.valid;
    const lost = loseNode(table, 2, (one) => one === 1);
    assert.deepEqual(
      lost,
      doubtValues(table, (one) => one === 1),
      "node 2 holds nothing",
    );
    assert.deepEqual(
      loseNode(table, 1, () => false),
      LOCKS_EMPTY,
    );
    assert.equal(valid(1), stays, mode);
    assert.equal(valid(2), false);
  }
});
