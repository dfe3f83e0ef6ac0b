/**
 * `npm run config-tutorial`: plays the story `config-life` in the lab, on three real Corosync nodes, and
 * writes into docs/config-tutorial.md what was typed there and what came of it. `-- --print`: prints the
 * page that it would be instead.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { openLabStage } from "../src/lab/stage.ts";
import { configLife } from "../src/stories/config-life.ts";

const PAGE = new URL("../docs/config-tutorial.md", import.meta.url);
const BEGIN = "<!-- transcript: written by npm run config-tutorial -->\n\n```\n";
const END = "```\n\n<!-- end of transcript -->\n";

async function record(): Promise<string> {
  const said: string[] = [];
  const stage = await openLabStage({ ...configLife.options, say: (line) => void said.push(line) });
  try {
    await configLife.play(stage);
  } finally {
    await stage.close();
  }
  return `${settled(said.join("\n"))}\n`;
}

/** What differs from run to run: the time of day, and how many epochs it took until all had joined. */
function settled(text: string): string {
  const first = Number(/\bepoch (\d+)/.exec(text)?.[1] ?? 1);
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "2026-11-25 12:00:00")
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, "12:00:00")
    .replaceAll(/\bepoch (\d+)/g, (_, epoch) => `epoch ${Number(epoch) - first + 1}`);
}

function pageWith(transcript: string): string {
  const page = readFileSync(PAGE, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${PAGE.pathname} has no place for the transcript`);
  return page.slice(0, from + BEGIN.length) + transcript + page.slice(to);
}

const page = pageWith(await record());
if (process.argv.includes("--print")) process.stdout.write(page);
else writeFileSync(PAGE, page);
