/** Plays stories on the demo's stage, without a person. */
import { STORIES } from "../stories/all.ts";
import { playAll, type StoryLine } from "../stories/play.ts";
import type { Stage, StageOptions, Story } from "../stories/stage.ts";
import { interrupted } from "./signals.ts";
import { type DemoStage, openDemoStage } from "./stage.ts";

/** Units: lines. Of every daemon's log, when a story failed. */
const LOG_LINES_SHOWN = 80;

export interface UnattendedOptions {
  readonly atOnce: number;
  readonly output: "json" | "text";
}

export function listStories(): number {
  for (const { name, claim, runsIn } of STORIES) {
    process.stdout.write(`${name.padEnd(20)} ${runsIn.join(", ").padEnd(10)} ${claim}\n`);
  }
  return 0;
}

export async function playUnattended(stories: readonly Story[], options: UnattendedOptions): Promise<number> {
  const { output, atOnce } = options;
  const open = new Set<DemoStage>();
  const print = (text: string): void => void process.stdout.write(text);
  const alone = stories.length === 1;

  async function openStage(stageOptions: StageOptions) {
    const said: string[] = [];
    const say = (line: string): void => {
      if (output === "text") alone ? print(`${line}\n`) : said.push(line);
    };
    const stage = await openDemoStage(stageOptions, say);
    open.add(stage);
    const close = async (): Promise<void> => {
      await stage.close();
      open.delete(stage);
      print(said.map((line) => `${line}\n`).join(""));
    };
    return { stage, close };
  }

  const playing = playAll(stories, {
    atOnce: Math.min(atOnce, stories.length),
    open: openStage,
    onFailure: showLogs,
    onLine: (line) => print(output === "json" ? `${JSON.stringify(line)}\n` : formatLine(line)),
  }).then((result) => {
    if (output === "json") print(`${JSON.stringify(result)}\n`);
    else if (!alone) print(`${result.passed} of ${result.stories} stories ended as they should\n`);
    return result.passed === result.stories ? 0 : 1;
  });
  const stopped = interrupted().then(async (code) => {
    await Promise.all([...open].map((stage) => stage.close()));
    process.exit(code);
  });
  return Promise.race([playing, stopped]);
}

function formatLine({ story, ok, timings, problem }: StoryLine): string {
  const times = Object.entries(timings).map(([name, ms]) => `${name.replace("_ms", "")} ${ms} ms`);
  if (ok) return `ok      ${story}${times.length === 0 ? "" : `: ${times.join(", ")} after the fault`}\n`;
  return `FAILED  ${story}: ${problem ?? "no reason given"}\n`;
}

async function showLogs(story: Story, stage: Stage): Promise<void> {
  for (const node of stage.nodes) {
    const lines = (await stage.log(node)).trimEnd().split("\n").slice(-LOG_LINES_SHOWN);
    process.stderr.write(`--- ${story.name}: bouncerd on ${node}\n${lines.join("\n")}\n`);
  }
}
