/** A copy of the core and the simulator in a folder of its own, with one bug in it. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Mutant } from "./list.ts";
import type { HuntTask } from "./worker.ts";

const SRC = new URL("../../", import.meta.url).pathname;
const COPIED = ["core", "sim", "sim-cli"];

/** Errors: throws when the text is not there exactly once. */
export function patched(text: string, { name, file, find, replace }: Mutant): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(`${name}: its text is ${parts.length - 1} times in src/core/${file}; expected once`);
  }
  return parts.join(replace);
}

function copyTo(folder: string, mutant: Mutant | undefined): void {
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}\n');
  for (const name of COPIED) {
    const filter = (path: string): boolean => !path.endsWith(".test.ts");
    cpSync(join(SRC, name), join(folder, "src", name), { recursive: true, filter });
  }
  if (mutant === undefined) return;
  const path = join(folder, "src/core", mutant.file);
  writeFileSync(path, patched(readFileSync(path, "utf8"), mutant));
}

/** What noticed it; undefined: nothing did. Without a mutant: what fails by itself. */
export async function huntMutant(mutant: Mutant | undefined, task: HuntTask): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-mutant-"));
  try {
    copyTo(folder, mutant);
    const worker = new Worker(join(folder, "src/sim-cli/mutants/worker.ts"));
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.postMessage(task);
      });
    } finally {
      await worker.terminate();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
