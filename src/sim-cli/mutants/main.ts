/** `npm run sim:mutants [-- --seeds N] [--only NAME] [--write]`: plants each bug and shows what notices it. */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { CONFIG_MUTANTS } from "./config-mutants.ts";
import { MUTANTS, type Mutant } from "./list.ts";
import { LOCK_MUTANTS } from "./lock-mutants.ts";
import { huntMutant } from "./plant.ts";
import { knownFiles, knownKillers, withTable } from "./table.ts";
import { WHY_MUTANTS } from "./why-mutants.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const DOCUMENT = `${ROOT}docs/planted-bugs.md`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2000" },
    only: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const task = { seeds: Number(values.seeds), profile: "everything", scenarios: `${ROOT}test/scenarios` };
const all = [...MUTANTS, ...CONFIG_MUTANTS, ...LOCK_MUTANTS, ...WHY_MUTANTS];
const planted = all.filter(({ name }) => values.only === undefined || name.startsWith(values.only));
const document = readFileSync(DOCUMENT, "utf8");
const killers = knownKillers(document);
/** Whoever writes the table anew looks for a seed first. */
const files = values.write ? new Map<string, string>() : knownFiles(document);
const caught = new Map<string, string>();
const waiting: Mutant[] = [...planted];

async function serve(): Promise<void> {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    let by: string | undefined;
    try {
      const killer = killers.get(mutant.name);
      const first = killer === undefined ? [] : [killer];
      const file = files.get(mutant.name);
      by = await huntMutant(mutant, {
        ...{ ...task, first, profile: mutant.profile ?? task.profile },
        ...(file?.endsWith(".scn") === true ? { firstScenario: file } : {}),
        ...(file?.endsWith(".test.ts") === true ? { firstTest: file } : {}),
      });
    } catch (error) {
      console.log(`${mutant.name.padEnd(34)} CANNOT BE PLANTED: ${(error as Error).message}`);
      continue;
    }
    if (by !== undefined) caught.set(mutant.name, by);
    console.log(`${mutant.name.padEnd(34)} ${by ?? "SURVIVES"}`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, serve));
if (values.write) {
  writeFileSync(DOCUMENT, withTable(document, all, new Set(planted.map(({ name }) => name)), caught));
}
const bySeeds = [...caught.values()].filter((by) => by.startsWith("seed")).length;
console.log(`${bySeeds} of them by the simulator's seeds`);
console.log(`${caught.size} killed of ${planted.length} planted`);
process.exitCode = planted.length > 0 && caught.size === planted.length ? 0 : 1;
