/** Tells whether web/dist was built from what is there now. No dependencies. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";

export const CONSOLE_STAMP = join(ROOT, "web", "dist", ".stamp");
/** What the bundle is made of. */
const SOURCES = [
  "web/src",
  "web/public",
  "src/core",
  "src/api",
  "src/sim",
  "src/config",
  "src/codec",
  "src/ports",
];
const FILES = ["web/index.html", "web/vite.config.ts", "package-lock.json", "scripts/build-console.ts"];

export function consoleFingerprint() {
  const hash = createHash("sha256");
  const files = SOURCES.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), ...FILES.map((name) => join(ROOT, name))]) {
    hash.update(file.slice(ROOT.length)).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex");
}

export function isConsoleBuilt() {
  try {
    return readFileSync(CONSOLE_STAMP, "utf8") === consoleFingerprint();
  } catch {
    return false;
  }
}
