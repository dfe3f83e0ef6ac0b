/** `npm start`: a cluster on this machine, for people to play with; `--story` plays a story unattended. */
import { parseArgs } from "node:util";
import { STORIES } from "../stories/all.ts";
import type { Story } from "../stories/stage.ts";
import { removeLeftovers } from "./find.ts";
import { runInteractive } from "./interactive.ts";
import { listStories, playUnattended } from "./stories.ts";

const EXIT_USAGE = 2;
const USAGE = `usage: npm start                            a cluster of three nodes, until Ctrl-C
       npm start -- --nodes N               of another size (1 to 16)
       npm start -- --story NAME [--json]   plays one story and exits 0 when it ended as it should
       npm start -- --story all [--json] [--at-once N]
       npm start -- --list                  the stories
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      story: { type: "string" },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      nodes: { type: "string", default: "3" },
      "at-once": { type: "string", default: "2" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values.list) return listStories();
  await removeLeftovers();
  if (values.story === undefined) return runInteractive(wholeNumber("--nodes", values.nodes, 16));
  const stories = selected(values.story);
  const atOnce = wholeNumber("--at-once", values["at-once"], 8);
  return playUnattended(stories, { atOnce, output: values.json ? "json" : "text" });
}

function selected(name: string): readonly Story[] {
  const here = STORIES.filter((story) => story.runsIn.includes("demo"));
  if (name === "all") return here;
  const story = here.find((other) => other.name === name);
  if (story !== undefined) return [story];
  const elsewhere = STORIES.some((other) => other.name === name);
  throw new RangeError(
    elsewhere
      ? `the story ${name} needs real nodes: npm run lab -- story ${name}`
      : `there is no story ${name}; there are ${here.map((other) => other.name).join(" ")}`,
  );
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new RangeError(`${name} takes a whole number from 1 to ${max}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage =
    error instanceof RangeError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
  if (!isUsage) throw error;
  process.stderr.write(`demo: ${(error as Error).message}\n${USAGE}`);
  process.exitCode = EXIT_USAGE;
}
