#!/usr/bin/env node
/**
 * `node scripts/run.mjs [--env KEY=VALUE ...] [--test] FILE-OR-GLOB ... [ARGUMENT ...]`: runs a
 * TypeScript file, or the tests of files, on the pinned Node. Installs what is missing first.
 */
import { fail } from "./lib/bootstrap.mjs";
import { runPinned } from "./lib/exec.mjs";

const USAGE = "usage: node scripts/run.mjs [--env KEY=VALUE ...] [--test] FILE-OR-GLOB ... [ARGUMENT ...]";
const rest = process.argv.slice(2);
const env = {};
const nodeArgs = [];

for (;;) {
  if (rest[0] === "--env") {
    const [, pair = ""] = rest.splice(0, 2);
    const at = pair.indexOf("=");
    if (at < 1) fail(USAGE);
    env[pair.slice(0, at)] = pair.slice(at + 1);
  } else if (rest[0] === "--test") {
    rest.shift();
    nodeArgs.push("--test");
  } else break;
}
if (rest.length === 0) fail(USAGE);
runPinned([...nodeArgs, ...rest], env);
