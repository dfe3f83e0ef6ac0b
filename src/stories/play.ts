/** Plays one story and judges it: by its own words, and by what the shared file proves. */
import { findViolations } from "./shared-file.ts";
import type { Stage, StageOptions, Story, StoryResult } from "./stage.ts";

/** What `--json` prints, one line per story. */
export interface StoryLine extends StoryResult {
  readonly story: string;
  readonly nodes: number;
  /** Why it is not ok; absent when it is. */
  readonly problem?: string;
}

export interface OpenStage {
  readonly stage: Stage;
  close(): Promise<void>;
}

export interface PlayOptions {
  readonly open: (options: StageOptions, story: Story) => Promise<OpenStage>;
  /** Told when the story failed, before the stage is closed: daemon logs and the like. */
  readonly onFailure: (story: Story, stage: Stage) => Promise<void>;
}

/** Never rejects: whatever goes wrong is the story's problem. Always closes the stage. */
export async function playStory(story: Story, { open, onFailure }: PlayOptions): Promise<StoryLine> {
  const base = { story: story.name, nodes: story.options.nodes };
  let opened: OpenStage | undefined;
  try {
    opened = await open(story.options, story);
    const { timings, why } = await story.play(opened.stage);
    const violations = findViolations(await opened.stage.sharedText());
    if (violations.length > 0)
      throw new Error(`the shared file was written to wrongly: ${violations.join("; ")}`);
    return { ...base, ok: true, timings, why };
  } catch (error) {
    if (opened !== undefined) await onFailure(story, opened.stage).catch(() => {});
    return { ...base, ok: false, timings: {}, why: [], problem: messageOf(error) };
  } finally {
    await opened?.close();
  }
}

/** Plays several at a time; `onLine` gets each result as it comes, in order of completion. */
export async function playAll(
  stories: readonly Story[],
  options: PlayOptions & { readonly atOnce: number; readonly onLine: (line: StoryLine) => void },
): Promise<{ readonly stories: number; readonly passed: number }> {
  const waiting = [...stories];
  let passed = 0;
  async function work(): Promise<void> {
    for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
      const line = await playStory(story, options);
      if (line.ok) passed += 1;
      options.onLine(line);
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, work));
  return { stories: stories.length, passed };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
