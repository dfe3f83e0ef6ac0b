/** Builds the console's page when it is missing or older than its sources. Speaks on stderr only. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bootstrap, fail, PINNED_NODE, ROOT } from "./bootstrap.mjs";
import { isConsoleBuilt } from "./console-stamp.mjs";

export function ensureConsole() {
  bootstrap();
  if (isConsoleBuilt()) return;
  process.stderr.write("bouncer: building the console's page ...\n");
  const run = spawnSync(PINNED_NODE, [join(ROOT, "scripts", "build-console.ts")], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (run.status !== 0) fail(`the console's page was not built:\n${run.stdout}${run.stderr}`);
}
