/**
 * `npm run record`: plays stories on the demo's stage and keeps what every daemon was fed and decided.
 * The files are named by the version that made them, and are replayed by every later one.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openUnixTransport } from "../adapters/http/unix-client.ts";
import { createClient } from "../api/client.ts";
import { STORIES } from "../stories/all.ts";
import type { Story } from "../stories/stage.ts";
import { removeLeftovers } from "./find.ts";
import { openDemoStage } from "./stage.ts";

/** What is recorded when nothing is asked for. */
const USUAL: readonly string[] = ["ifdown", "averted", "reunited"];
const FOLDER = new URL("../../test/recordings/", import.meta.url).pathname;

export interface Recorded {
  readonly story: string;
  readonly node: string;
  /** NDJSON, as the daemon gives it. */
  readonly text: string;
}

/** Plays one story to its end. Rejects when it does not end as it should. */
export async function recordStory(story: Story): Promise<readonly Recorded[]> {
  const stage = await openDemoStage(story.options, () => {});
  try {
    await story.play(stage);
    const records: Recorded[] = [];
    for (const node of stage.nodes) {
      const client = createClient(openUnixTransport(stage.cluster.unit(node).machine.node.socket));
      records.push({ story: story.name, node, text: await client.text("flight") });
    }
    return records;
  } finally {
    await stage.close();
  }
}

function storiesNamed(names: readonly string[]): readonly Story[] {
  const here = STORIES.filter((story) => story.runsIn.includes("demo"));
  return names.map((name) => {
    const story = here.find((one) => one.name === name);
    if (story !== undefined) return story;
    throw new RangeError(`there is no story ${name}; there are ${here.map((one) => one.name).join(" ")}`);
  });
}

function ownVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

async function main(names: readonly string[]): Promise<void> {
  const version = ownVersion();
  mkdirSync(FOLDER, { recursive: true });
  await removeLeftovers();
  for (const story of storiesNamed(names.length === 0 ? USUAL : names)) {
    const records = await recordStory(story);
    const old = readdirSync(FOLDER).filter((name) => name.startsWith(`${version}-${story.name}-`));
    for (const name of old) rmSync(join(FOLDER, name));
    for (const { node, text } of records) {
      const name = `${version}-${story.name}-${node}.ndjson`;
      writeFileSync(join(FOLDER, name), text);
      console.log(`${name}: ${text.trimEnd().split("\n").length} lines, ${text.length} bytes`);
    }
  }
}

if (import.meta.main) await main(process.argv.slice(2));
