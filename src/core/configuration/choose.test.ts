import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ledger } from "../ledger.ts";
import type { Hello } from "../messages.ts";
import { epochOf, helloOf, ledgerOf } from "../testing.ts";
import { chooseConfig } from "./choose.ts";
import { CONFIG_NONE, type ConfigStamp } from "./stamp.ts";

const stamp = (version: number, change: Partial<ConfigStamp> = {}): ConfigStamp => ({
  ...CONFIG_NONE,
  version,
  digest: `d${version}`,
  by: "root",
  at: version,
  ...change,
});
const HOLDS = ["d1", "d2", "d3"];
const hellos = (...all: Partial<Hello>[]): ReadonlyMap<string, Hello> =>
  new Map(all.map((change, i) => [`${i + 1}/1`, helloOf(i + 1, { holds: HOLDS, ...change })]));
const cold = (change: Partial<Ledger> = {}): Ledger =>
  ledgerOf([], {
    established: false,
    open: false,
    epoch: epochOf(0, [], { config: CONFIG_NONE }),
    ...change,
  });

test("where no disk knows an epoch, the newest file that somebody holds counts", () => {
  const chosen = chooseConfig(
    cold(),
    hellos(
      { file: { version: 1, digest: "d1" } },
      { file: { version: 2, digest: "d2" } },
      { file: { version: 9, digest: "gone" } },
    ),
  );
  assert.deepEqual([chosen.epoch.config.version, chosen.epoch.config.digest], [2, "d2"]);
});

test("once a disk knows an epoch, no file counts", () => {
  const durable = epochOf(4, [1], { config: stamp(1) });
  const chosen = chooseConfig(cold(), hellos({ durable }, { file: { version: 3, digest: "d3" } }));
  assert.equal(chosen.epoch.config.version, 1);
});

test("of two records with one number the newer version may have been in force; an older number never", () => {
  const a = epochOf(5, [1], { config: stamp(1) });
  const b = epochOf(5, [2], { config: stamp(2) });
  const old = epochOf(4, [3], { config: stamp(3) });
  const chosen = chooseConfig(cold(), hellos({ durable: a }, { durable: b }, { durable: old }));
  assert.equal(chosen.epoch.config.version, 2);
});

test("what a disk knows of a newer epoch than the base is carried; of an older one it is not", () => {
  const base = ledgerOf([1, 2], { epoch: epochOf(4, [1, 2], { config: stamp(1) }) });
  const newer = epochOf(5, [1, 2], { config: stamp(2) });
  assert.equal(chooseConfig(base, hellos({ durable: newer }, {})).configs.carried?.version, 2);
  const older = epochOf(3, [1, 2], { config: stamp(2) });
  assert.equal(chooseConfig(base, hellos({ durable: older }, {})).configs.carried, undefined);
});

test("a confirmation that reached a disk is carried as well", () => {
  const confirm = { withinMs: 1, until: 1, back: { version: 1, digest: "d1" } };
  const base = ledgerOf([1, 2], { epoch: epochOf(4, [1, 2], { config: stamp(2, { confirm }) }) });
  const durable = epochOf(5, [1, 2], { config: stamp(2) });
  const { carried } = chooseConfig(base, hellos({ durable }, {})).configs;
  assert.deepEqual([carried?.version, carried?.confirm], [2, undefined]);
});

test("a text that nobody present holds cannot come into force", () => {
  const base = ledgerOf([1, 2], { epoch: epochOf(4, [1, 2], { config: stamp(1) }) });
  const durable = epochOf(5, [1, 2], { config: stamp(3) });
  const found = chooseConfig(base, hellos({ durable, holds: ["d1"] }, { holds: ["d1"] }));
  assert.equal(found.configs.carried, undefined);
});

test("a wish ends with its ring; the highest version that anybody has heard of stays", () => {
  const epoch = epochOf(4, [1, 2], { config: stamp(1) });
  const configs = { activated: [], lastVersion: 2, wish: stamp(2) };
  const chosen = chooseConfig(ledgerOf([1, 2], { epoch, configs }), hellos({ lastVersion: 7 }, {}));
  assert.deepEqual([chosen.configs.wish, chosen.configs.lastVersion], [undefined, 7]);
});
