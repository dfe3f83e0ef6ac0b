/** A copy of the core and the simulator in a folder of its own, with one bug in it. */
import { execFile } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Mutant, Replacement } from "./list.ts";
import type { HuntTask } from "./worker.ts";

const SRC = new URL("../../", import.meta.url).pathname;
const COPIED = ["core", "codec", "config", "api", "ports", "sim", "sim-cli"];
/** Units: ms. A core that never comes to rest is noticed, too. */
const TESTS_MS_MAX = 120_000;

export interface MutantTask extends HuntTask {
  /** A test that noticed it before, below `src/core`: run first. */
  readonly firstTest?: string;
}

/** Errors: throws when the text is not there exactly once. */
export function patched(text: string, name: string, { file, find, replace }: Replacement): string {
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
    const filter = (path: string): boolean => name === "core" || !path.endsWith(".test.ts");
    cpSync(join(SRC, name), join(folder, "src", name), { recursive: true, filter });
  }
  symlinkSync(join(SRC, "../node_modules"), join(folder, "node_modules"));
  if (mutant === undefined) return;
  for (const replacement of mutant.also === undefined ? [mutant] : [mutant, mutant.also]) {
    const path = join(folder, "src/core", replacement.file);
    writeFileSync(path, patched(readFileSync(path, "utf8"), mutant.name, replacement));
  }
}

/** The core's own tests on the copy: the first file that fails. */
async function failingTest(folder: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const code = await new Promise<number | null>((resolve) => {
      const options = { cwd: folder, timeout: TESTS_MS_MAX, killSignal: "SIGKILL" as const };
      execFile(process.execPath, ["--test", file], options, (error) =>
        resolve(error === null ? 0 : Number(error.code ?? 1)),
      );
    });
    if (code !== 0) return `\`${file.replace("src/core/", "")}\``;
  }
  return undefined;
}

/** What noticed it; undefined: nothing did. Without a mutant: what fails by itself. */
export async function huntMutant(mutant: Mutant | undefined, task: MutantTask): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "bouncer-mutant-"));
  try {
    copyTo(folder, mutant);
    const known = task.firstTest === undefined ? [] : [`src/core/${task.firstTest}`];
    const by = await failingTest(folder, known);
    if (by !== undefined) return by;
    const worker = new Worker(join(folder, "src/sim-cli/mutants/worker.ts"));
    try {
      const noticed = await new Promise<string | undefined>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.postMessage(task);
      });
      return (
        noticed ?? (await failingTest(folder, globSync("src/core/**/*.test.ts", { cwd: folder }).sort()))
      );
    } finally {
      await worker.terminate();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
