import type { Command } from "commander";
import { parseWhole } from "../options.ts";
import type { Shell } from "../session.ts";
import type { SimulateOptions } from "../trial/simulate.ts";

/** Any seed is as good as another; this many take weeks. */
const SEEDS_MAX = 999_999_999;

const seeds = (text: string): number => parseWhole(text, 1, SEEDS_MAX);

export function addSimulate(program: Command, shell: Shell): void {
  program
    .command("simulate")
    .description("the daemon's own core in virtual time: play stories, or hunt through hostile worlds")
    .argument("[files...]", "stories to play (.scn); - for standard input")
    .option("--seeds <number>", "worlds to play; on all processors (default 1000)", seeds)
    .option("--first <seed>", "the first of them (default 1)", seeds)
    .option("--budget <time>", "stop after this time, for example 60s")
    .option("--profile <kind>", "partitions, power, disks, upgrade or everything (the default)")
    .option("--seed <seed>", "play this one only", seeds)
    .option("--verbose", "with --seed: its whole story")
    .option("--check", "say only whether each story still goes as its file says")
    .option("--json", "what was found, as JSON")
    .addHelpText(
      "after",
      "\nExit code: 0 every promise held, 1 one was broken or a story differs from its file.\n\nExamples:\n" +
        "  bouncer simulate test/scenarios/ifdown.scn\n  bouncer simulate --seeds 10000 --budget 60s\n" +
        "  bouncer simulate --seed 17 --profile power --verbose",
    )
    .action(async (files: readonly string[], options: SimulateOptions) => {
      const { simulate } = await import("../trial/simulate.ts");
      shell.finish(await simulate(shell.ctx, files, options));
    });
}
