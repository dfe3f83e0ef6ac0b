/** Small spaces of failures, whole: shared by the test and by `npm run sim:exhaustive`. */
import { pass } from "../../src/sim/commands.ts";
import { healAll } from "../../src/sim/heal.ts";
import { scenarioConfig } from "../../src/sim/scenario-config.ts";
import { createWorld, type World } from "../../src/sim/world.ts";

type Groups = readonly (readonly number[])[];

/** Every way to part the nodes into groups that do not hear one another. */
export function partitionsOf(nodes: readonly number[]): readonly Groups[] {
  const [first, ...rest] = nodes;
  if (first === undefined) return [[]];
  return partitionsOf(rest).flatMap((groups) => [
    [[first], ...groups],
    ...groups.map((group, at) => groups.map((one, index) => (index === at ? [first, ...group] : one))),
  ]);
}

const FIVE = [1, 2, 3, 4, 5];
export const PARTITIONS = partitionsOf(FIVE);

function fiveNodes(seed: number | undefined): World {
  const world = createWorld({
    config: scenarioConfig(new Map([["nodes", "5"]])),
    bootMs: 1_000,
    ...(seed === undefined ? {} : { seed }),
  });
  for (const node of FIVE) world.power(node, "on");
  pass(world, 30_000);
  for (const node of FIVE) world.uses(node, true);
  return world;
}

export interface Parting {
  /** One after another; the first begins when all is well. */
  readonly steps: readonly { readonly groups: Groups; readonly ms: number }[];
  readonly seed?: number;
}

/** Parts five nodes, heals, and demands that all write again. Errors: throws a `BrokenPromise`. */
export function playParting({ steps, seed }: Parting): World {
  const world = fiveNodes(seed);
  for (const { groups, ms } of steps) {
    world.split(groups);
    pass(world, ms);
  }
  healAll(world);
  return world;
}

export function formatParting({ steps, seed }: Parting): string {
  const parts = steps.map(
    ({ groups, ms }) => `${groups.map((group) => group.join(",")).join(" | ")} for ${ms} ms`,
  );
  return `${parts.join(", then ")}${seed === undefined ? "" : `, seed ${seed}`}`;
}
