import assert from "node:assert/strict";
import { test } from "node:test";
import { forbiddenWrites, formatWrite, parseWrites, type Write } from "./shared-file.ts";

let sequence = 0;

function write(nodeId: number, epoch: number, members: readonly number[]): Write {
  sequence += 1;
  return { mark: sequence, nodeId, node: `tpve0${nodeId}`, boot: "b", epoch, members, sequence };
}

test("a line reads back as it was written, and an unfinished one is left out", () => {
  const one = write(2, 7, [1, 2, 3]);
  assert.deepEqual(parseWrites(`${formatWrite(one)}12.0 1 tpve`), [one]);
  assert.throws(() => parseWrites("what is this\n"), /no workload wrote/);
});

test("members of one epoch and of the next may overlap while a node joins", () => {
  assert.deepEqual(
    forbiddenWrites([write(1, 1, [1]), write(1, 2, [1, 2]), write(2, 2, [1, 2]), write(1, 1, [1])]),
    [],
  );
});

test("a node that was left behind writes too late: one problem", () => {
  const writes = [write(2, 1, [1, 2]), write(1, 1, [1, 2]), write(1, 2, [1]), write(2, 1, [1, 2])];
  assert.match(forbiddenWrites(writes).join("\n"), /tpve02 wrote under epoch 1 after tpve01/);
});

test("a node that came back under a newer epoch is welcome, also when a reader is late", () => {
  const writes = [
    write(2, 1, [1, 2]),
    write(1, 2, [1]),
    write(2, 3, [1, 2]),
    write(1, 2, [1]),
    write(2, 3, [1, 2]),
  ];
  assert.deepEqual(forbiddenWrites(writes), []);
});

test("two sides of a split that both go on are caught, whoever is read first", () => {
  const writes = [write(1, 1, [1, 2]), write(1, 2, [1]), write(2, 2, [2])];
  assert.equal(forbiddenWrites(writes).length, 1);
});
