/** `npm test [-- LEVEL ...]`: all levels, or the named ones. */
import { LEVELS } from "./levels.ts";
import { passSignalsOn } from "./process.ts";
import { runLevels } from "./run-levels.ts";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !LEVELS.some((level) => level.name === name));
if (unknown.length > 0) {
  const list = LEVELS.map((level) => `  ${level.name.padEnd(12)}${level.about}`).join("\n");
  console.error(`no such level: ${unknown.join(", ")}. Levels:\n${list}`);
  process.exit(2);
}
process.chdir(new URL("../..", import.meta.url).pathname);
passSignalsOn();
process.exitCode = await runLevels(
  wanted.length === 0 ? LEVELS : LEVELS.filter((level) => wanted.includes(level.name)),
);
