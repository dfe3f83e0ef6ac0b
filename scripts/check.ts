/** `npm run check`: what a developer runs before a commit. No daemons, no root, a minute at most. */
import { LEVELS } from "./testing/levels.ts";
import { passSignalsOn } from "./testing/process.ts";
import { runLevels } from "./testing/run-levels.ts";

const QUICK = ["static", "unit", "scenarios", "compliance"];

process.chdir(new URL("..", import.meta.url).pathname);
passSignalsOn();
process.exitCode = await runLevels(LEVELS.filter((level) => QUICK.includes(level.name)));
