/** Plays stories in labs, one lab for each. */
import { interrupted } from "../demo/signals.ts";
import { playAll, type StoryLine } from "../stories/play.ts";
import type { Stage, StageOptions, Story } from "../stories/stage.ts";
import { agentFor, LAB_AGENT_DEFAULT, type LabAgent, type MIXED } from "./agent.ts";
import { type LabStage, openLabStage } from "./stage.ts";

/** Units: lines. Of every daemon's log, when a story failed. */
const LOG_LINES_SHOWN = 80;

export interface LabPlayOptions {
  readonly atOnce: number;
  readonly output: "json" | "text";
  readonly tokenMs: number;
  /** Stories that cannot be played with it are left out. */
  readonly agent: LabAgent | typeof MIXED;
}

/** With `json`, standard output carries JSON lines only; everything else goes to standard error. */
export async function playInLabs(all: readonly Story[], options: LabPlayOptions): Promise<number> {
  const { output, tokenMs } = options;
  const stories = all.filter((story) => agentFor(story, options.agent) !== undefined);
  const abort = new AbortController();
  const alone = stories.length === 1;
  const tell = (text: string): void => {
    if (output === "json") process.stderr.write(text);
    else process.stdout.write(text);
  };

  const labs = new Set<Promise<LabStage>>();
  async function open(stageOptions: StageOptions, story: Story) {
    const agent = agentFor(story, options.agent) ?? LAB_AGENT_DEFAULT;
    const said: string[] = [];
    const say = (line: string): void => {
      if (alone) tell(`${line}\n`);
      else said.push(`${line}\n`);
    };
    const opening = openLabStage({ ...stageOptions, tokenMs, agent, say, signal: abort.signal });
    labs.add(opening);
    const stage = await opening;
    const close = async (): Promise<void> => {
      await stage.close();
      labs.delete(opening);
      if (output === "text") tell(said.join(""));
    };
    return { stage, close };
  }

  const playing = playAll(stories, {
    atOnce: Math.min(options.atOnce, stories.length),
    open,
    onFailure: showLogs,
    onLine: (line) =>
      process.stdout.write(output === "json" ? `${JSON.stringify(line)}\n` : formatLine(line)),
  }).then((result) => {
    if (output === "json") process.stdout.write(`${JSON.stringify(result)}\n`);
    else if (!alone) tell(`${result.passed} of ${result.stories} stories ended as they should\n`);
    return result.passed === result.stories ? 0 : 1;
  });
  const stopped = interrupted().then(async (code) => {
    abort.abort(); // Ends every lab, also one that is being opened.
    for (const lab of await Promise.allSettled(labs)) if (lab.status === "fulfilled") await lab.value.close();
    process.exit(code); // The stories would go on waiting for nodes that are no more.
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
