import assert from "node:assert/strict";
import { test } from "node:test";
import type { Hello } from "../messages.ts";
import { epochOf, helloOf } from "../testing.ts";
import { chooseAuthority, diverged } from "./authority.ts";

const together = (...nodes: number[]) => nodes.map((node) => `${node}/1`);

function hellos(...list: readonly (readonly [number, Partial<Hello>])[]): Map<string, Hello> {
  return new Map(list.map(([node, change]) => [`${node}/1`, helloOf(node, change)]));
}

/** All orders of a small list. */
function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, i) =>
    orders([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

const cases: readonly {
  readonly why: string;
  readonly given: Map<string, Hello>;
  readonly keys: readonly string[];
  readonly live: boolean;
}[] = [
  {
    why: "everybody moved together: all are the authority",
    given: hellos([1, { movedWith: together(1, 2) }], [2, { movedWith: together(1, 2) }]),
    keys: ["1/1", "2/1"],
    live: true,
  },
  {
    why: "a higher established epoch wins over more votes",
    given: hellos(
      [1, { movedWith: together(1, 2), establishedEpoch: 4 }],
      [2, { movedWith: together(1, 2), establishedEpoch: 4 }],
      [3, { establishedEpoch: 5 }],
    ),
    keys: ["3/1"],
    live: true,
  },
  {
    why: "apart at the same epoch: more votes are the base",
    given: hellos([1, {}], [2, { movedWith: together(2, 3) }], [3, { movedWith: together(2, 3) }]),
    keys: ["2/1", "3/1"],
    live: true,
  },
  {
    why: "apart, same epoch, same votes: the lowest node id",
    given: hellos([2, { previousRing: "b" }], [1, { previousRing: "a" }]),
    keys: ["1/1"],
    live: true,
  },
  {
    why: "an expelled process leads nobody, even with the newest epoch",
    given: hellos([1, { expelled: true, establishedEpoch: 9 }], [2, { establishedEpoch: 3 }]),
    keys: ["2/1"],
    live: true,
  },
  {
    why: "a living ledger beats a newer disk",
    given: hellos(
      [1, { live: false, establishedEpoch: 0, durable: epochOf(9, [1]) }],
      [2, { establishedEpoch: 0 }],
    ),
    keys: ["2/1"],
    live: true,
  },
  {
    why: "nobody lives: the newest disk, one process only",
    given: hellos(
      [1, { live: false, durable: epochOf(3, [1, 2]) }],
      [2, { live: false, durable: epochOf(4, [1, 2]) }],
    ),
    keys: ["2/1"],
    live: false,
  },
  {
    why: "nobody lives, equal disks: who knows more of the history",
    given: hellos([1, { live: false, incidentSeq: 2 }], [2, { live: false, incidentSeq: 7 }]),
    keys: ["2/1"],
    live: false,
  },
];

for (const { why, given, keys, live } of cases) {
  test(`authority: ${why}`, () => {
    for (const order of orders([...given])) {
      assert.deepEqual(chooseAuthority(new Map(order)), { keys, live });
    }
  });
}

test("divergence: the minority of those who came the same way is wrong", () => {
  const movedWith = together(1, 2, 3);
  const given = hellos([1, { movedWith, digest: "x" }], [2, { movedWith }], [3, { movedWith }]);
  for (const order of orders([...given])) assert.deepEqual(diverged(new Map(order)), ["1/1"]);
});

test("divergence: of two halves the one without the lowest id, and nobody who came another way", () => {
  const movedWith = together(1, 2);
  const given = hellos([1, { movedWith, digest: "x" }], [2, { movedWith }], [3, { digest: "z" }]);
  for (const order of orders([...given])) assert.deepEqual(diverged(new Map(order)), ["2/1"]);
  assert.deepEqual(diverged(hellos([1, { digest: "x" }], [2, {}])), []);
});

test("divergence: a daemon that holds no ledger of this run cannot be wrong", () => {
  const movedWith = together(1, 2);
  assert.deepEqual(diverged(hellos([1, { movedWith }], [2, { movedWith, digest: "x", live: false }])), []);
});
