/** Plays all stories of the demo or the lab and counts them as tests. */
import { existsSync } from "node:fs";
import { type Counts, NO_COUNTS, ONE_FAILED, ONE_PASSED, sum } from "./counts.ts";
import { runCommand } from "./process.ts";

export interface Stories {
  readonly main: string;
  readonly args: readonly string[];
  /** Units: ms. */
  readonly limitMs: number;
}

/** Of what the players say on stderr, this much is shown when something failed. Units: characters. */
const COMPLAINTS_MAX = 20_000;

export async function playStories(stories: Stories): Promise<Counts> {
  if (!existsSync(stories.main)) return NO_COUNTS;
  const tally = createTally();
  let complaints = "";
  const end = await runCommand(process.execPath, [stories.main, ...stories.args], {
    limitMs: stories.limitMs,
    onLine: (line) => {
      const said = tally.take(line);
      if (said !== "") console.log(said);
    },
    onComplaint: (text) => {
      complaints = (complaints + text).slice(-COMPLAINTS_MAX);
    },
  });
  const { counts, problems } = tally.close(end.ok);
  for (const problem of problems) console.log(`FAILED  ${problem} (${end.how})`);
  if (counts.failed > 0) console.log(`what it said on stderr, from the end:\n${complaints}`);
  return counts;
}

export interface Tally {
  /** One line of the player's stdout. Returns what to print for it. */
  take(line: string): string;
  close(exitOk: boolean): { readonly counts: Counts; readonly problems: readonly string[] };
}

/**
 * Counts the stories itself and believes neither the closing line nor the exit code alone: where
 * they contradict what was counted, that is one more failure.
 */
export function createTally(): Tally {
  let counts = NO_COUNTS;
  let closing: { stories?: unknown; passed?: unknown } | undefined;
  const problems: string[] = [];
  return {
    take(line) {
      if (line.trim() === "") return "";
      const parsed = parseObject(line);
      if (parsed === undefined) {
        problems.push(`stdout must be JSON lines, this is none: ${line.slice(0, 200)}`);
        return "";
      }
      if (typeof parsed["story"] === "string") {
        const ok = parsed["ok"] === true;
        counts = sum([counts, ok ? ONE_PASSED : ONE_FAILED]);
        return `${ok ? "ok    " : "FAILED"}  ${parsed["story"]}  ${JSON.stringify(parsed["timings"] ?? {})}`;
      }
      closing = parsed;
      return "";
    },
    close(exitOk) {
      const played = counts.passed + counts.failed;
      if (closing === undefined) problems.push("the closing line is missing");
      else if (closing.stories !== played || closing.passed !== counts.passed) {
        problems.push(`the closing line contradicts the ${played} stories: ${JSON.stringify(closing)}`);
      }
      if (exitOk !== (counts.failed === 0)) problems.push("the exit code contradicts the stories");
      return { counts: sum([counts, ...problems.map(() => ONE_FAILED)]), problems };
    },
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
