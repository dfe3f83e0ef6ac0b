#!/usr/bin/env node
/** `npm start [-- --story NAME]`: the demo cluster on this machine. Installs what is missing first. */
import { join } from "node:path";
import { ROOT } from "./lib/bootstrap.mjs";
import { ensureConsole } from "./lib/console.mjs";
import { runPinned } from "./lib/exec.mjs";

ensureConsole();
runPinned([join(ROOT, "src", "demo", "main.ts"), ...process.argv.slice(2)]);
