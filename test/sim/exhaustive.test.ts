/** Every single and double fault of the article's configuration, every partition of five nodes: judged, and healed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseClusterConf } from "../../src/config/parse.ts";
import { healAll } from "../../src/sim/heal.ts";
import { endure } from "../../src/sim/trial/endure.ts";
import { doubleFaults, formatFault, singleFaults } from "../../src/sim/trial/faults.ts";
import { startTrial } from "../../src/sim/trial/start.ts";
import { timingOf } from "../../src/sim/trial/timing.ts";
import { formatParting, PARTITIONS, type Parting, partitionsOf, playParting } from "./exhaustive.ts";

const ARTICLE = new URL("../../docs/examples/article.conf", import.meta.url);

test("the article's cluster survives every single and double fault, and heals", () => {
  const { config } = parseClusterConf(readFileSync(ARTICLE));
  assert.ok(config);
  const singles = singleFaults(config);
  const cases = [...singles.map((fault) => [fault]), ...doubleFaults(singles)];
  assert.ok(singles.length >= 16 && cases.length >= 120, `${cases.length} cases`);
  const timing = timingOf(config);
  for (const faults of cases) {
    const { world } = startTrial(config, timing, {});
    try {
      endure(world, faults, timing);
      for (const node of config.nodes) world.repair(node.id);
      assert.match(healAll(world), /^all nodes write again/);
    } catch (error) {
      const what = faults.map((fault) => formatFault(config, fault)).join(" + ");
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
});

function playAll(partings: readonly Parting[]): void {
  for (const parting of partings) {
    try {
      playParting(parting);
    } catch (error) {
      throw new Error(`${formatParting(parting)}: ${(error as Error).message}`, { cause: error });
    }
  }
}

test("there are 52 ways to part five nodes", () => {
  assert.equal(new Set(PARTITIONS.map((groups) => JSON.stringify(groups))).size, 52);
  assert.equal(partitionsOf([1, 2, 3]).length, 5);
});

test("five nodes, parted in every way, for a moment and for long, heal", () => {
  playAll(
    PARTITIONS.flatMap((groups) => [{ steps: [{ groups, ms: 60_000 }] }, { steps: [{ groups, ms: 3_000 }] }]),
  );
});

test("five nodes, parted in every way in a hostile world, heal", () => {
  playAll(PARTITIONS.map((groups, index) => ({ steps: [{ groups, ms: 5_000 }], seed: index + 1 })));
});

/** `npm run sim:exhaustive` plays all pairs; every run of the tests a quarter of them. */
const SHARE = process.env["SIM_EXHAUSTIVE"] === "1" ? 1 : 4;

test("five nodes, from every partition straight into others, heal", () => {
  const all = PARTITIONS.flatMap((a) => PARTITIONS.map((b) => [a, b] as const));
  const pairs = all.filter((_, index) => (index + Math.floor(index / PARTITIONS.length)) % SHARE === 0);
  playAll(
    pairs.map(([a, b]) => ({
      steps: [
        { groups: a, ms: 2_500 },
        { groups: b, ms: 4_000 },
      ],
    })),
  );
});

test("a split without a quorum fences nobody; the larger part of another one fences the rest", () => {
  const restarted = (groups: readonly (readonly number[])[]): readonly number[] => {
    const world = playParting({ steps: [{ groups, ms: 60_000 }] });
    return [...world.nodes.values()].filter((node) => node.boots > 1).map(({ id }) => id);
  };
  assert.deepEqual(restarted([[1, 2], [3, 4], [5]]), []);
  assert.deepEqual(
    restarted([
      [1, 2, 3],
      [4, 5],
    ]),
    [4, 5],
  );
});
