#!/usr/bin/env node
/** `npm test [-- LEVEL ...]`: every check there is. Installs what is missing first. See docs/testing.md. */
import { join } from "node:path";
import { ROOT } from "./lib/bootstrap.mjs";
import { ensureConsole } from "./lib/console.mjs";
import { runPinned } from "./lib/exec.mjs";

const levels = process.argv.slice(2);
if (levels.length === 0 || levels.includes("e2e")) ensureConsole();
runPinned([join(ROOT, "scripts", "testing", "main.ts"), ...process.argv.slice(2)]);
