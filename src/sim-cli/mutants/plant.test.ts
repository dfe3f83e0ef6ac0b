import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CONFIG_MUTANTS } from "./config-mutants.ts";
import { MUTANTS } from "./list.ts";
import { LOCK_MUTANTS } from "./lock-mutants.ts";
import { huntMutant, patched } from "./plant.ts";
import { knownKillers, withTable } from "./table.ts";

const CORE = new URL("../../core/", import.meta.url).pathname;
const ALL = [...MUTANTS, ...CONFIG_MUTANTS, ...LOCK_MUTANTS];

test("what every planted bug replaces is in the core exactly once", () => {
  for (const mutant of ALL) {
    for (const one of mutant.also === undefined ? [mutant] : [mutant, mutant.also]) {
      const text = readFileSync(CORE + one.file, "utf8");
      assert.notEqual(patched(text, mutant.name, one), text, mutant.name);
    }
  }
});

test("a text that is not there is complained about", () => {
  const nowhere = { file: "ids.ts", find: "no such text", replace: "" };
  assert.throws(
    () => patched("a", "some-bug", nowhere),
    /some-bug: its text is 0 times in src\/core\/ids.ts/,
  );
});

test("a bug that is planted is noticed by a seed of the simulator", async () => {
  const mutant = ALL.find(({ name }) => name === "thaw-before-persisted");
  const task = { seeds: 20, first: [], profile: "everything", scenarios: "/nowhere" };
  assert.match((await huntMutant(mutant, task)) ?? "nothing", /^seed \d+ \(I\d\)$/);
});

test("the seeds of the table are tried first the next time", () => {
  const [one, other] = ALL;
  assert.ok(one !== undefined && other !== undefined);
  const caught = new Map([
    [one.name, "seed 4711 (I6)"],
    [other.name, "`some.scn`"],
  ]);
  const begin = "<!-- planted bugs: written by `npm run sim:mutants -- --write` -->";
  const text = withTable(
    `${begin}\n<!-- end of planted bugs -->\n`,
    [one, other],
    new Set(caught.keys()),
    caught,
  );
  assert.deepEqual([...knownKillers(text)], [[one.name, 4711]]);
  const later = withTable(text, [one, other], new Set([other.name]), new Map());
  assert.deepEqual([...knownKillers(later)], [[one.name, 4711]]);
  assert.match(later, /\*\*nothing\*\*/);
});
