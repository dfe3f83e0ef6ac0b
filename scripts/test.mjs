#!/usr/bin/env node
/** `npm test [-- LEVEL ...]`: every check there is. Installs what is missing first. See docs/testing.md. */
import { join } from "node:path";
import { ROOT } from "./lib/bootstrap.mjs";
import { runPinned } from "./lib/exec.mjs";

runPinned([join(ROOT, "scripts", "testing", "main.ts"), ...process.argv.slice(2)]);
