import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parseMoment } from "./moment.ts";

const read = (name: string) =>
  readFileSync(new URL(`../../../test/fixtures/corosync/${name}.txt`, import.meta.url), "utf8");

test("what Corosync 3.1 printed on a node that was alone of two", () => {
  const moment = parseMoment(read("quorumtool"), read("cmap"));
  assert.ok(moment);
  const { cmap, ...rest } = moment;
  assert.deepEqual(rest, {
    nodeId: 1,
    ringSeq: 5,
    quorate: true,
    expectedVotes: 2,
    totalVotes: 1,
    quorum: 1,
    flags: ["2Node", "Quorate"],
    members: [{ id: 1, votes: 1 }],
    nodes: [
      { id: 1, name: "tpve01", addresses: ["10.77.0.1"], votes: 1 },
      { id: 2, name: "tpve02", addresses: ["10.77.0.2"], votes: 1 },
    ],
  });
  assert.equal(cmap.get("totem.cluster_name"), "tpve");
  assert.equal(cmap.get("runtime.config.totem.token"), "3000");
});

test("the ring's number is hexadecimal; a blocked activity is no part of the quorum", () => {
  const text = read("quorumtool")
    .replace("1.5", "1.1a4")
    .replace("Quorum:           1  ", "Quorum:           2 Activity blocked")
    .replace("Quorate:          Yes", "Quorate:          No");
  const moment = parseMoment(text, read("cmap"));
  assert.deepEqual([moment?.ringSeq, moment?.quorum, moment?.quorate], [420, 2, false]);
});

test("whatever else is printed: no exception, and no half of an answer", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (quorum, cmap) => {
      assert.equal(parseMoment(quorum, cmap), undefined);
    }),
  );
  assert.equal(parseMoment(read("quorumtool").replace(/^Node ID.*\n/m, ""), read("cmap")), undefined);
});
